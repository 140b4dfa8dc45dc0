"""Alert rules: what calls for somebody besides what always does; one module a purpose."""
