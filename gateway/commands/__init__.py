"""The commands of `gateway`, one file each: `declare` its arguments, `run` it, return its exit code."""
