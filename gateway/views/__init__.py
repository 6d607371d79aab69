"""What staff see of a stranger's file: drawn anew by a process that is capped and killed, never the file itself."""
