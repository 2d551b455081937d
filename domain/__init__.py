"""What recruiting would know if there were no computers: pure, frozen values and rules."""
