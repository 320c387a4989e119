"""What people will quote: how indicators are worded, what is copied, what is alike, what changed."""
