"""What is measured: definitions, targets, mandates, and the calculations of statistics, free of files and clocks."""
