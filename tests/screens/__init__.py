"""Every screen, by address and by who sits in front of it: photographed, checked and weighed."""
