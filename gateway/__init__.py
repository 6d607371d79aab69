"""The front: HTTP, pages, command line, and the one place that wires everything together."""
