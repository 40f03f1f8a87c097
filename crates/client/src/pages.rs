//! Lists, page by page.

use certgate_api::{Page, Received, Resource, Timestamp};

use crate::call::{Call, ListQuery};
use crate::client::Client;
use crate::error::{Error, Kind};
use crate::retry::Attempts;
use crate::transport::Transport;

/// The most pages of one list: a million resources, a hundred a page.
pub const PAGES_MAX: u32 = 10_000;

/// The pages of a list, given one after the other: no more than one is held at a time.
///
/// The next page is where the answer says, if that is at the configured address; nothing is sent anywhere else.
pub struct Pages<'a, R, T> {
    client: &'a Client<T>,
    next: Option<Call>,
    seen: u32,
    of: std::marker::PhantomData<fn() -> R>,
}

impl<'a, R: Resource, T: Transport> Pages<'a, R, T> {
    pub(crate) fn new(client: &'a Client<T>, first: Call) -> Self {
        Self { client, next: Some(first), seen: 0, of: std::marker::PhantomData }
    }

    /// The next page; `None` after the last. After an error there is no next page.
    ///
    /// # Errors
    /// What the API or the way to it refused; a next page at another address; more than [`PAGES_MAX`] pages.
    pub async fn next_page(&mut self) -> Result<Option<Page<Received<R>>>, Error> {
        self.dated_page().await.map(|page| page.map(|(page, _)| page))
    }

    /// That its pages have no date.
    pub(crate) fn undated(&self) -> Error {
        let call = Call::list(&ListQuery::<R>::default());
        Error::of(&call, Kind::Undated.into(), &Attempts::default())
    }

    /// The next page, and when it was given, by the server's clock.
    pub(crate) async fn dated_page(
        &mut self,
    ) -> Result<Option<(Page<Received<R>>, Option<Timestamp>)>, Error> {
        let Some(call) = self.next.take() else { return Ok(None) };
        let error = |kind: Kind| Error::of(&call, kind.into(), &Attempts::default());
        if self.seen == PAGES_MAX {
            return Err(error(Kind::PagesOverLimit { pages_max: PAGES_MAX }));
        }
        let (page, date) = self.client.page::<R>(&call).await?;
        self.seen += 1;
        if let Some(address) = &page.next_page_uri {
            let target = self.client.url().target_of(address).ok_or_else(|| error(Kind::ForeignPage))?;
            self.next = Some(Call::page(call.route(), target));
        }
        Ok(Some((page, date)))
    }
}
