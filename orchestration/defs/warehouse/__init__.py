"""The warehouse: dbt builds it from landing, and is its only writer."""
