"""S3 as moto has it, with bucket configurations kept and served back in full, and refused where AWS refuses them."""
