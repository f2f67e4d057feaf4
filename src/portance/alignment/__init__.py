"""Stage 5: indicators, responsibilities, incentives and decisions held against each other."""
