"""What runs in the background, one file each; every loop is started, watched and stopped by the supervisor."""
