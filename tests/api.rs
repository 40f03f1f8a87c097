//! `certgate api`, against a server that answers as the API is documented to.

mod scripted;
