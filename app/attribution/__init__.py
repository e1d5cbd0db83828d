"""Attribution: which partner contributed to which order, and how much of it is theirs."""
