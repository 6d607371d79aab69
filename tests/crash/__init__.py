"""kill -9 under load, again and again: nothing acknowledged may be lost, nothing may be doubled."""
