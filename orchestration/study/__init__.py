"""An event study of a person's own CSV files, with the models of the warehouse."""
