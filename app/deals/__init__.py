"""Registrations: claims of partners on customers, their review and protection."""
