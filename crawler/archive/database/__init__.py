"""Opening the file, its tables, and what a transaction is."""
