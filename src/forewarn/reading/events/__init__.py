"""Events and arrangements: attacks, deals, talks, posts, borders."""
