"""What the bot may say: documents restated as attributed claims, exercises, and the code that loads and checks them."""
