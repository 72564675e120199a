"""A made-up partnership with eight matters, made through the services, relative to the day on which it is made."""
