"""What a member may have for her points, what is put aside for her, and the coupons that she holds."""
