"""Jobs that look up what nobody sent us: threads around a post, and what people posted before they were followed."""
