"""Whether the derived numbers still agree with paper: Great Expectations as asset checks."""
