"""Who may do what: roles, permissions and the guard in front of every route."""
