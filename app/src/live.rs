//! Values that change while they are on the page. A signal of Leptos's is compiled anew for every type, and a view for every
//! closure in it; what is here holds its values behind one type, so that a new one adds a few bytes to the wasm and not
//! kilobytes.
//!
//! [`Live`] is set and followed, [`Derived`] follows others, [`Noted`] is set and followed by nobody, [`Followed`] is read anew each
//! time; they are handles: copies speak of the same value, and it lives as long as the owner below which it was made. [`text`] and
//! [`flag`] are what views show, and [`effect`] follows without being seen.

use std::any::Any;
use std::marker::PhantomData;

use leptos::prelude::*;

/// A text that follows what it reads.
pub fn text(read: impl Fn() -> String + Send + Sync + 'static) -> Text {
    Followed(Noted::new(Box::new(read)))
}

/// A yes or no that follows what it reads: for `hidden` and classes.
pub fn flag(read: impl Fn() -> bool + Send + Sync + 'static) -> Flag {
    Followed(Noted::new(Box::new(read)))
}

/// What is read anew whenever it is asked for. (A signal of Leptos's could be a memo or a plain signal, too, and brings the code of
/// all of them for each type.)
pub struct Followed<T>(Noted<Box<dyn Reading<T>>>);

/// A text that is read.
pub type Text = Followed<String>;

/// A yes or no that is read.
pub type Flag = Followed<bool>;

impl<T: 'static> Followed<T> {
    /// The value, with all that it reads followed.
    pub fn get(self) -> T {
        self.0.with(|read| read.read())
    }

    /// The value as it is now.
    pub fn get_untracked(self) -> T {
        untrack(|| self.get())
    }
}

/// What a view does at an event.
pub type Doing<E> = Box<dyn FnMut(E) + Send>;

/// Does something with an event.
pub fn heard<E>(act: impl FnMut(E) + Send + 'static) -> Doing<E> {
    Box::new(act)
}

/// Does something now, and again whenever what it looked at has changed.
pub fn effect(act: impl FnMut() + Send + Sync + 'static) {
    effect_of(Box::new(act));
}

// What may not leave its thread is wrapped in what asks which thread this is, and that brings the standard library's threads along.
fn effect_of(mut act: Box<dyn Again<()> + Send + Sync>) {
    Effect::new_sync(move |_| act.again());
}

/// What can be done again and again. Closures stand behind traits of ours, because behind `dyn FnMut` and `dyn Fn` the
/// compiler keeps another copy of each, for whoever would call it once and let go of it.
pub trait Again<T> {
    /// Does it.
    fn again(&mut self) -> T;
}

impl<T, F: FnMut() -> T> Again<T> for F {
    fn again(&mut self) -> T {
        self()
    }
}

/// What can be read at any time, from anywhere.
pub trait Reading<T>: Send + Sync {
    /// Reads it.
    fn read(&self) -> T;
}

impl<T, F: Fn() -> T + Send + Sync> Reading<T> for F {
    fn read(&self) -> T {
        self()
    }
}

/// A value that is set, and that views and effects follow.
pub struct Live<T> {
    held: RwSignal<Held>,
    of: PhantomData<fn() -> T>,
}

impl<T: Send + Sync + 'static> Live<T> {
    /// Holds this value.
    pub fn new(value: T) -> Self {
        Self { held: RwSignal::new(Box::new(value)), of: PhantomData }
    }

    /// Looks at the value, and follows it.
    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(known(&**self.held.read()))
    }

    /// Looks at the value as it is now.
    pub fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(known(&**self.held.read_untracked()))
    }

    /// The same, unless its owner is gone already.
    pub fn try_with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> Option<U> {
        Some(look(known(&**self.held.try_read_untracked()?)))
    }

    /// Follows the value.
    pub fn track(self) {
        self.held.track();
    }

    /// Sets another value. When its owner is gone already, nobody looks, and nothing happens.
    pub fn set(self, value: T) {
        set(self.held, Box::new(value));
    }

    /// Changes the value, and gives back what came of it.
    pub fn update<U>(self, change: impl FnOnce(&mut T) -> U) -> U {
        change(known_mut(&mut **self.held.write()))
    }

    /// Lets everything that follows the value look again.
    pub fn notify(self) {
        self.held.notify();
    }
}

fn set(held: RwSignal<Held>, value: Held) {
    held.set(value);
}

impl<T: Clone + Send + Sync + 'static> Live<T> {
    /// The value, which is followed.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

impl Live<String> {
    /// The text, for views.
    pub fn text(self) -> Text {
        text(move || self.get())
    }
}

/// A value that follows what it is made from.
pub struct Derived<T> {
    found: Memo<Found>,
    of: PhantomData<fn() -> T>,
}

impl<T: Send + Sync + 'static> Derived<T> {
    /// Tells those who follow it when it became another value.
    pub fn new(find: impl Fn() -> T + Send + Sync + 'static) -> Self
    where
        T: PartialEq,
    {
        Self::told_apart(find, |a, b| known::<T>(a) == known::<T>(b))
    }

    /// Tells those who follow it whenever it was found anew: for what costs more to compare than to draw.
    pub fn found_anew(find: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self::told_apart(find, |_, _| false)
    }

    fn told_apart(find: impl Fn() -> T + Send + Sync + 'static, is_same: fn(&dyn Any, &dyn Any) -> bool) -> Self {
        let find = move || Found { value: Box::new(find()), is_same };
        Self { found: found(Box::new(find)), of: PhantomData }
    }

    /// Looks at the value, and follows it.
    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(known(&*self.found.read().value))
    }

    /// Looks at the value as it is now.
    pub fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(known(&*self.found.read_untracked().value))
    }

    /// The value, which is followed.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// Follows the value.
    pub fn track(self) {
        self.found.track();
    }
}

struct Found {
    value: Held,
    is_same: fn(&dyn Any, &dyn Any) -> bool,
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        (self.is_same)(&*self.value, &*other.value)
    }
}

fn found(find: Box<dyn Reading<Found>>) -> Memo<Found> {
    Memo::new(move |_| find.read())
}

/// A value that is kept for later; nothing is drawn from it.
pub struct Noted<T> {
    held: StoredValue<Held>,
    of: PhantomData<fn() -> T>,
}

impl<T: Send + Sync + 'static> Noted<T> {
    /// Holds this value.
    pub fn new(value: T) -> Self {
        Self { held: StoredValue::new(Box::new(value)), of: PhantomData }
    }

    /// Looks at the value.
    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(known(&**self.held.read_value()))
    }

    /// The value.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// Keeps another value.
    pub fn set(self, value: T) {
        self.update(|held| *held = value);
    }

    /// Changes the value, and gives back what came of it.
    pub fn update<U>(self, change: impl FnOnce(&mut T) -> U) -> U {
        change(known_mut(&mut **self.held.write_value()))
    }
}

type Held = Box<dyn Any + Send + Sync>;

const NEVER_ANOTHER: &str = "a value keeps its type";

fn known<T: 'static>(held: &dyn Any) -> &T {
    held.downcast_ref().expect(NEVER_ANOTHER)
}

fn known_mut<T: 'static>(held: &mut dyn Any) -> &mut T {
    held.downcast_mut().expect(NEVER_ANOTHER)
}

impl<T: Default + Send + Sync + 'static> Default for Live<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Default + Send + Sync + 'static> Default for Noted<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

macro_rules! handles {
    ($($handle:ident)*) => {$(
        impl<T> Clone for $handle<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $handle<T> {}
    )*};
}

handles!(Live Derived Noted Followed);
