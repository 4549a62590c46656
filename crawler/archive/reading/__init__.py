"""What is asked of the archive: records, history, numbers, snapshots, whole texts."""
