"""The HTTP face: JSON for citizens, apps and staff, hooks, health, and pages. It owns no rule of the procedure."""
