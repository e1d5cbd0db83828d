"""Values and rules that every floor shares; depends on nothing of ours."""
