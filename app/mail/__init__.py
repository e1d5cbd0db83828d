"""Mail: written in the caller's transaction, delivered by a job."""
