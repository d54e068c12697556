//! Files of all kinds that are not pictures, written box by box: nothing but the place is gone, and whatever lies does no harm.

use std::io::{Read, Write};

use proptest::prelude::*;

use super::*;

const PLACE: &[u8] = b"+37.5665+126.9780/";
const XMP: &[u8] = b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
const SPHERICAL: &[u8] = b"\xFF\xCC\x82\x63\xF8\x55\x4A\x93\x88\x14\x58\x7A\x02\x52\x1F\xDD";

/// A file after it was looked at; a second look changes nothing.
fn blanked(bytes: &[u8]) -> Vec<u8> {
    let once = looked_at(bytes);
    assert_eq!(looked_at(&once), once, "it was not done with at once");
    once
}

fn looked_at(bytes: &[u8]) -> Vec<u8> {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("it is written");
    blank(&file, &bytes[..bytes.len().min(64)]).expect("the disk works");
    let mut after = Vec::new();
    io::Seek::rewind(&mut file).expect("it rewinds");
    file.read_to_end(&mut after).expect("it is read");
    assert_eq!(after.len(), bytes.len(), "its length is another");
    after
}

fn tells(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes(), &kind[..], body].concat()
}

fn full(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[0; 4], body].concat())
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn free(length: usize) -> Vec<u8> {
    boxed(b"free", &vec![0; length - 8])
}

fn film_of(rest: &[Vec<u8>]) -> Vec<u8> {
    [boxed(b"ftyp", b"isom\0\0\x02\0isom"), rest.concat()].concat()
}

/// A track: what it is for, and where its samples lie.
fn track(id: u32, handler: &[u8; 4], format: &[u8; 4], tables: &[Vec<u8>]) -> Vec<u8> {
    let described = full(b"stsd", &[numbers(&[1]), boxed(format, &[0; 8])].concat());
    let table = boxed(b"stbl", &[described, tables.concat()].concat());
    let handled = full(b"hdlr", &[&[0; 4], &handler[..], &[0; 13]].concat());
    let media = boxed(b"mdia", &[handled, boxed(b"minf", &table)].concat());
    boxed(b"trak", &[full(b"tkhd", &numbers(&[0, 0, id, 0])), media].concat())
}

/// The samples of a film and of where it was made, in turn: one of each in every chunk.
fn samples() -> Vec<u8> {
    [b"FILM one", PLACE, b"FILM two", PLACE, b"FILM end"].concat()
}

/// Tables of two chunks, from an offset on: of `bytes` each, and so far apart.
fn tables(at: u32, bytes: u32) -> [Vec<u8>; 3] {
    let apart = (8 + PLACE.len()) as u32;
    [
        full(b"stsz", &numbers(&[0, 2, bytes, bytes])),
        full(b"stsc", &numbers(&[1, 1, 1, 1])),
        full(b"stco", &numbers(&[2, at, at + apart])),
    ]
}

#[test]
fn a_track_of_places_goes_with_its_samples_and_the_film_stays() {
    let held = boxed(b"mdat", &samples());
    let at = film_of(&[]).len() as u32 + 8;
    let shown = track(1, b"vide", b"avc1", &tables(at, 8));
    let of_places = track(2, b"meta", b"mebx", &tables(at + 8, PLACE.len() as u32));
    let bytes = film_of(&[held, boxed(b"moov", &[&shown[..], &of_places].concat())]);
    assert!(tells(&bytes, PLACE));

    let after = blanked(&bytes);

    let blank = [0; PLACE.len()];
    let silent = boxed(b"mdat", &[b"FILM one", &blank[..], b"FILM two", &blank, b"FILM end"].concat());
    let expected = film_of(&[silent, boxed(b"moov", &[shown, free(of_places.len())].concat())]);
    assert_eq!(after, expected);
}

#[test]
fn samples_are_found_by_every_kind_of_table() {
    let at = film_of(&[]).len() as u32 + 8;
    let place = PLACE.len() as u32;
    let apart = 8 + place;
    let once = full(b"stsc", &numbers(&[1, 1, 1, 1]));
    let long = full(b"co64", &numbers(&[2, 0, at + 8, 0, at + 8 + apart]));
    let short = full(b"stco", &numbers(&[2, at + 8, at + 8 + apart]));
    let small = full(b"stz2", &[&[0, 0, 0, 8][..], &numbers(&[2]), &[PLACE.len() as u8; 2]].concat());
    let halves = full(b"stsz", &numbers(&[place / 2, 4]));
    let twice = full(b"stsc", &numbers(&[2, 1, 2, 1, 2, 2, 1]));
    for tables in [
        [full(b"stsz", &numbers(&[place, 2])), once.clone(), long],
        [small, once, short.clone()],
        [halves, twice, short],
    ] {
        let moov = boxed(b"moov", &track(7, b"meta", b"gpmd", &tables));
        let after = blanked(&film_of(&[boxed(b"mdat", &samples()), moov]));
        assert!(!tells(&after, PLACE) && tells(&after, b"FILM one") && tells(&after, b"FILM two"), "{tables:?}");
        assert!(tells(&after, b"FILM end") && !tells(&after, b"trak"));
    }
}

#[test]
fn samples_of_fragments_go_too_wherever_the_header_is() {
    let place = PLACE.len() as u32;
    let shown = boxed(b"traf", &full(b"tfhd", &numbers(&[1])));
    // How large a sample is usually is told by the fragment, or by the header.
    for told in [&[0x02_0000, 2][..], &[0x02_0010, 2, place]] {
        let fragment = |data: u32| {
            let first = boxed(b"trun", &numbers(&[0x01, 1, data + 8 + 8]));
            let second = boxed(b"trun", &numbers(&[0x201, 1, data + 8 + 8 + 8 + place, place]));
            let told = boxed(b"tfhd", &numbers(told));
            boxed(b"moof", &[&shown[..], &boxed(b"traf", &[told, first, second].concat())].concat())
        };
        let usual = if told.len() == 2 { place } else { 0 };
        let extended = boxed(b"mvex", &full(b"trex", &numbers(&[2, 1, 0, usual, 0])));
        let tracks = [track(2, b"meta", b"mebx", &[]), track(1, b"vide", b"avc1", &[])].concat();
        let moov = boxed(b"moov", &[tracks, extended].concat());
        let parts = [moov, fragment(fragment(0).len() as u32), boxed(b"mdat", &samples())];
        for order in [[0, 1, 2], [1, 2, 0]] {
            let after = blanked(&film_of(&order.map(|at| parts[at].clone())));
            assert!(!tells(&after, PLACE), "{order:?} {told:?}");
            assert!(tells(&after, b"FILM one") && tells(&after, b"FILM two") && tells(&after, &shown));
            assert!(!tells(&after, b"trun") && !tells(&after, b"mebx") && tells(&after, b"vide"));
        }
    }
}

#[test]
fn what_a_phone_says_of_the_place_goes_and_what_the_film_is_called_stays() {
    let named = |name: &[u8; 4]| boxed(name, PLACE);
    let key = |name: &[u8]| boxed(b"mdta", name);
    let value = |number: u32, said: &[u8]| boxed(&number.to_be_bytes(), &boxed(b"data", said));
    let keys = full(
        b"keys",
        &[&numbers(&[2])[..], &key(b"com.apple.quicktime.location.ISO6709"), &key(b"com.apple.quicktime.title")]
            .concat(),
    );
    let handler = full(b"hdlr", &[&[0; 4], &b"mdta"[..], &[0; 13]].concat());
    let values = |first: Vec<u8>| boxed(b"ilst", &[first, value(2, b"Courtyard")].concat());
    let meta = |first: Vec<u8>| boxed(b"meta", &[&handler[..], &keys, &values(first)].concat());
    let of_place = value(1, PLACE);
    let tunes = |said: &[Vec<u8>]| full(b"meta", &[&handler[..], &boxed(b"ilst", &said.concat())].concat());
    let freely = |name: &[u8]| boxed(b"----", &[boxed(b"name", name), boxed(b"data", PLACE)].concat());
    let gapless = boxed(b"----", &boxed(b"name", b"\0\0\0\0iTunSMPB"));

    let title = boxed(b"\xA9nam", b"\0\x09\0\0Courtyard");
    let bytes = film_of(&[
        boxed(
            b"moov",
            &[
                boxed(
                    b"udta",
                    &[named(b"\xA9xyz"), title.clone(), named(b"loci"), named(b"smta"), vec![0; 12]].concat(),
                ),
                meta(of_place.clone()),
                tunes(&[title.clone(), named(b"\xA9xyz"), freely(b"GPSLatitude"), gapless.clone()]),
                boxed(b"trak", &boxed(b"udta", &named(b"loci"))),
                boxed(b"uuid", &[SPHERICAL, b"round"].concat()),
            ]
            .concat(),
        ),
        boxed(b"uuid", &[XMP, PLACE].concat()),
        boxed(b"free", PLACE),
    ]);

    let (gone, freely) = (free(named(b"loci").len()), free(freely(b"GPSLatitude").len()));
    let expected = film_of(&[
        boxed(
            b"moov",
            &[
                boxed(b"udta", &[gone.clone(), title.clone(), gone.clone(), gone.clone(), vec![0; 12]].concat()),
                meta(free(of_place.len())),
                tunes(&[title, gone.clone(), freely, gapless]),
                boxed(b"trak", &boxed(b"udta", &gone)),
                boxed(b"uuid", &[SPHERICAL, b"round"].concat()),
            ]
            .concat(),
        ),
        free(24 + PLACE.len()),
        gone,
    ]);
    assert_eq!(blanked(&bytes), expected);
}

/// HEIC with Exif and XMP, which lie among the pixels or in the `meta` box itself.
fn photograph(version: u8, within: bool, exif: &[u8]) -> Vec<u8> {
    let entry = |id: u8, kind: &[u8; 4]| boxed(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0][..], kind, b"\0"].concat());
    let entries = [entry(1, b"hvc1"), entry(2, b"Exif"), entry(3, b"mime")].concat();
    let items = full(b"iinf", &[&[0, 3][..], &entries].concat());
    let words = [exif, PLACE].concat();
    let wide = if version == 2 { vec![0, 0] } else { vec![] };
    let place = |at: u32| {
        let way = u8::from(within);
        let one = |id: u8, way: u8, at: u32, bytes: usize| {
            let way = if version == 0 { vec![] } else { vec![0, way] };
            let rest = [&[0, 0, 0, 1][..], &at.to_be_bytes(), &(bytes as u32).to_be_bytes()].concat();
            [&wide[..], &[0, id], &way, &rest].concat()
        };
        let pixels = one(1, 0, at, 6);
        let exif_at = if within { 0 } else { at + 6 };
        let told = [one(2, way, exif_at, exif.len()), one(3, way, exif_at + exif.len() as u32, PLACE.len())].concat();
        boxed(b"iloc", &[&[version, 0, 0, 0, 0x44, 0][..], &wide, &[0, 3], &pixels, &told].concat())
    };
    let handler = full(b"hdlr", &[&[0; 4], &b"pict"[..], &[0; 13]].concat());
    let beside = if within { boxed(b"idat", &words) } else { Vec::new() };
    let meta = |at: u32| full(b"meta", &[&handler[..], &items, &place(at), &beside].concat());
    let head = boxed(b"ftyp", b"heic\0\0\0\0mif1heic");
    let at = (head.len() + meta(0).len() + 8) as u32;
    let held = if within { b"PIXELS".to_vec() } else { [b"PIXELS", &words[..]].concat() };
    [head, meta(at), boxed(b"mdat", &held)].concat()
}

#[test]
fn a_heic_keeps_its_pixels_and_which_way_is_up() {
    let turned = b"\0\0\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    for (version, within) in [(0, false), (1, false), (1, true), (2, false)] {
        let bytes = photograph(version, within, &[turned, PLACE].concat());
        let after = blanked(&bytes);
        assert!(tells(&bytes, PLACE) && !tells(&after, PLACE), "{version} {within}");
        assert!(tells(&after, b"PIXELS") && tells(&after, turned), "{version} {within}");
        let plain = blanked(&photograph(version, within, &[&b"\0\0\0\0no Exif at all"[..], PLACE].concat()));
        assert!(!tells(&plain, PLACE) && !tells(&plain, b"at all") && tells(&plain, b"MM\0\x2A\0\0\0\x08\0\0"));
    }
}

#[test]
fn a_film_within_a_photograph_is_a_film() {
    let at = film_of(&[]).len() as u32 + 8;
    let of_places = track(2, b"meta", b"mebx", &tables(at + 8, PLACE.len() as u32));
    let user = boxed(b"udta", &boxed(b"\xA9xyz", PLACE));
    let film = film_of(&[boxed(b"mdat", &samples()), boxed(b"moov", &[of_places, user].concat())]);
    let after = blanked(&[photograph(0, false, PLACE), boxed(b"mpvd", &film)].concat());
    assert!(!tells(&after, PLACE) && tells(&after, b"FILM one") && tells(&after, b"FILM two"));
}

/// A photograph of one directory, with a place, a description, Exif and words.
fn tiff(is_little: bool) -> Vec<u8> {
    let short = |number: u16| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
    let long = |number: u32| if is_little { number.to_le_bytes() } else { number.to_be_bytes() };
    let entry = |tag, kind, count, value| [&short(tag)[..], &short(kind), &long(count), &long(value)].concat();
    let (gps, words, exif) = (8 + 2 + 5 * 12 + 4, 200, 300);
    let directory = [
        entry(0x0100, 4, 1, 60),
        entry(0x02BC, 1, 18, words),
        entry(0x8769, 4, 1, exif),
        entry(0x8825, 4, 1, gps),
        entry(0xC612, 1, 4, 7),
    ];
    let mut bytes = if is_little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
    bytes.extend([&long(8)[..], &short(5), &directory.concat(), &long(8)].concat());
    let places = [&short(2)[..], &entry(1, 2, 2, 0x4E00_0000), &entry(2, 5, 3, words + 20), &long(0)].concat();
    bytes.extend(places);
    bytes.resize(words as usize, b'.');
    bytes.extend(PLACE);
    bytes.extend(b"..+37.5665+126.9780/......PIXELS");
    bytes.resize(exif as usize, b'.');
    bytes.extend([&short(1)[..], &entry(0x9000, 7, 4, 0x30), &long(exif)].concat());
    bytes
}

#[test]
fn a_raw_photograph_loses_the_entries_of_its_place() {
    for is_little in [true, false] {
        let bytes = tiff(is_little);
        let after = blanked(&bytes);
        assert!(tells(&bytes, PLACE) && !tells(&after, PLACE), "{is_little}");
        assert!(tells(&after, b"PIXELS"));
        let (count, tags) = if is_little {
            ([3, 0], [[0, 1], [0x69, 0x87], [0x12, 0xC6]])
        } else {
            ([0, 3], [[1, 0], [0x87, 0x69], [0xC6, 0x12]])
        };
        assert_eq!(after[8..10], count);
        assert_eq!([0, 12, 24].map(|at| [after[10 + at], after[11 + at]]), tags);
        assert_eq!(after[46..50], bytes[70..74], "where the next directory is");
        assert_eq!(after[50..74], [0; 24]);
        assert_eq!(after[300..], bytes[300..], "Exif stays");
    }
}

/// A JPEG that tells of a place in its Exif, in Adobe's words and in a comment, and whose colours and pixels hold words that are none.
fn telling_jpeg() -> Vec<u8> {
    let segment =
        |marker: u8, said: &[u8]| [&[0xFF, marker][..], &(said.len() as u16 + 2).to_be_bytes(), said].concat();
    let segments = [
        segment(0xE1, &[b"Exif\0\0", &tiff(true)[..]].concat()),
        segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", PLACE].concat()),
        segment(0xE2, b"ICC_PROFILE\0COLOURS"),
        segment(0xED, &[b"Photoshop 3.0\0", PLACE].concat()),
        segment(0xFE, PLACE),
        segment(0xDA, b"scan"),
    ];
    [&[0xFF, 0xD8][..], &segments.concat(), b"CODED\xFF\xE1\0\x08PIXEL", &[0xFF, 0xD9]].concat()
}

/// Raw photographs with such a picture in them: Fujifilm's, Panasonic's and one that points at it as most do.
fn raw_with_pictures() -> [Vec<u8>; 3] {
    let jpeg = telling_jpeg();
    let beginning = [b"FUJIFILMCCD-RAW 0201FF383501GFX", &[0; 53][..]].concat();
    let fuji = [&beginning[..], &numbers(&[100, jpeg.len() as u32]), &[0; 8], &jpeg, b"SENSOR"].concat();
    let pointing = |begins: &[u8; 4], tag: u16| {
        let kind_and_count = [7, 0, jpeg.len() as u8, (jpeg.len() >> 8) as u8, 0, 0];
        let entry = [&tag.to_le_bytes()[..], &kind_and_count, &26_u32.to_le_bytes()].concat();
        [&begins[..], &[8, 0, 0, 0, 1, 0], &entry, &[0; 4], &jpeg, b"SENSOR"].concat()
    };
    [fuji, pointing(b"IIU\0", 0x002E), pointing(b"II*\0", 0x0201)]
}

#[test]
fn the_picture_that_shows_a_raw_photograph_does_not_tell_either() {
    for (which, bytes) in raw_with_pictures().iter().enumerate() {
        let after = blanked(bytes);
        assert!(tells(bytes, PLACE) && !tells(&after, PLACE), "{which}");
        for stays in [&b"ICC_PROFILE\0COLOURS"[..], b"CODED\xFF\xE1\0\x08PIXEL", b"PIXELS", b"SENSOR"] {
            assert!(tells(&after, stays), "{which}: {}", String::from_utf8_lossy(stays));
        }
    }
}

fn element(id: &[u8], body: &[u8]) -> Vec<u8> {
    [id, &(body.len() as u64 | 1 << 56).to_be_bytes(), body].concat()
}

/// A film whose tags tell its title and its place.
fn matroska(is_open: bool) -> Vec<u8> {
    let tag = |name: &[u8], said: &[u8]| {
        element(b"\x67\xC8", &[element(b"\x45\xA3", name), element(b"\x44\x87", said)].concat())
    };
    let tags =
        [tag(b"TITLE", b"Courtyard"), tag(b"LOCATION", PLACE), tag(b"com.apple.quicktime.location.ISO6709", PLACE)];
    let sum = b"\xBF\x84\x01\x02\x03\x04";
    let tags = element(b"\x12\x54\xC3\x67", &[&sum[..], &element(b"\x73\x73", &tags.concat())].concat());
    let cluster = |body: &[u8]| {
        if is_open { [&b"\x1F\x43\xB6\x75\xFF"[..], body].concat() } else { element(b"\x1F\x43\xB6\x75", body) }
    };
    let clusters = [cluster(&element(b"\xA3", b"FILM one")), tags, cluster(&element(b"\xA3", b"FILM two"))].concat();
    let segment = if is_open {
        [&b"\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF"[..], &clusters].concat()
    } else {
        element(b"\x18\x53\x80\x67", &clusters)
    };
    [element(b"\x1A\x45\xDF\xA3", b""), segment].concat()
}

#[test]
fn tags_of_matroska_that_name_a_place_go() {
    for is_open in [false, true] {
        let after = blanked(&matroska(is_open));
        assert!(tells(&matroska(is_open), PLACE) && !tells(&after, PLACE), "{is_open}");
        assert!(tells(&after, b"FILM one") && tells(&after, b"FILM two") && tells(&after, b"Courtyard"));
        assert!(tells(&after, b"\xEC\x84\0\0\0\0"), "the check sum does not fit any more");
    }
}

/// Sound with what a recorder writes of it.
fn sound() -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| [kind, &(body.len() as u32).to_le_bytes()[..], body].concat();
    let chunks = [chunk(b"fmt ", &[1; 16]), chunk(b"iXML", PLACE), chunk(b"data", b"SOUND!"), chunk(b"_PMX", PLACE)];
    [&b"RIFF"[..], &[0; 4], b"WAVE", &chunks.concat()].concat()
}

#[test]
fn a_recorders_notes_of_a_place_go() {
    let after = blanked(&sound());
    assert!(tells(&sound(), PLACE) && !tells(&after, PLACE) && tells(&after, b"data\x06\0\0\0SOUND!JUNK"));
}

#[test]
fn what_only_begins_like_a_film_stays_as_it_is() {
    for bytes in [&b"Get free tickets for the courtyard"[..], b"\0\0\0\x10wideabcdefgh and more", b"too skip"] {
        assert_eq!(blanked(bytes), bytes);
    }
    let cut = film_of(&[numbers(&[900, u32::from_be_bytes(*b"free")]), b"it is not known what this is".to_vec()]);
    assert_eq!(blanked(&cut), cut);
}

#[test]
fn a_film_that_was_not_sent_to_its_end_does_not_tell_either() {
    let user = boxed(b"udta", &boxed(b"\xA9xyz", PLACE));
    let whole = film_of(&[boxed(b"mdat", b"FILM"), boxed(b"moov", &[user, boxed(b"trak", &[7; 90])].concat())]);
    assert!(!tells(&blanked(&whole[..whole.len() - 60]), PLACE));
    assert!(!tells(&blanked(&whole[..whole.len() - 99]), PLACE));
}

#[test]
fn whatever_breaks_off_does_not_tell_either() {
    let more = [PLACE, &[b'.'; 40]].concat();
    let photographs =
        [(0, false), (1, false), (1, true), (2, false)].map(|(version, within)| photograph(version, within, &more));
    let user = |beside: &[u8]| boxed(b"moov", &[&boxed(b"udta", &boxed(b"\xA9xyz", &more))[..], beside].concat());
    let films = [film_of(&[user(&[]), boxed(b"mdat", b"FILM")]), film_of(&[boxed(b"mdat", b"FILM"), user(&[7; 90])])];
    let raw = [true, false].map(|is_little| {
        let bytes = tiff(is_little);
        // What Adobe's words say goes on.
        let count = if is_little { [18, 0, 0, 0] } else { [0, 0, 0, 18] };
        let at = bytes.windows(4).position(|window| window == count).expect("it stands there");
        let longer = if is_little { [60, 0, 0, 0] } else { [0, 0, 0, 60] };
        [&bytes[..at], &longer, &bytes[at + 4..]].concat()
    });
    let others = [matroska(false), matroska(true), sound()];
    for whole in photographs.iter().chain(&films).chain(&raw).chain(&raw_with_pictures()).chain(&others) {
        assert!(tells(whole, PLACE));
        for length in 0..whole.len() {
            assert!(
                !tells(&blanked(&whole[..length]), PLACE),
                "{:?} of {length} bytes",
                String::from_utf8_lossy(&whole[..12])
            );
        }
    }
}

#[test]
fn a_file_is_not_worked_on_without_end() {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&vec![7; 1_000_000]).expect("it is written");
    let much =
        |eraser: Eraser<'_>, part: std::ops::Range<u64>| (0..100_000).all(|_| eraser.erase(part.clone()).is_ok());
    let eraser = || Eraser::new(&file).expect("it has a length");
    assert!(!much(eraser(), 0..1_000_000) && !much(eraser(), 0..1), "it is written for ever");
    let reader = eraser();
    assert_eq!(reader.read(0..9).left(), 9);
    assert!((0..100_000).any(|_| reader.read(0..9).left() == 0), "it is read for ever");
}

#[test]
fn a_million_boxes_and_a_hundred_thousand_levels_come_to_an_end() {
    let many = |kind| film_of(&[boxed(b"moov", &boxed(kind, &[]).repeat(500_000)), boxed(b"\xA9xyz", PLACE)]);
    assert!(!tells(&blanked(&many(b"abcd")), PLACE));
    looked_at(&many(b"trak"));
    looked_at(&many(b"loci"));
    let mut deep = Vec::new();
    for level in (0..100_000_u32).rev() {
        deep.extend(numbers(&[8 * (level + 1), u32::from_be_bytes(*b"moov")]));
    }
    looked_at(&film_of(&[deep]));
    // Each of a hundred thousand chunks claims to be all that there is.
    let all = 400_000_u32;
    let lies = [
        full(b"stsz", &numbers(&[all, u32::MAX])),
        full(b"stsc", &numbers(&[1, 1, 1, 1])),
        full(b"stco", &[numbers(&[100_000]), numbers(&[28]).repeat(100_000)].concat()),
    ];
    let moov = boxed(b"moov", &track(1, b"meta", b"mebx", &lies));
    looked_at(&film_of(&[boxed(b"mdat", &vec![7; all as usize]), moov]));
}

/// A box of a tree, and whether it tells of a place.
#[derive(Clone, Debug)]
enum Node {
    Kept([u8; 4], Vec<u8>),
    Telling([u8; 4], Vec<u8>),
    Tree([u8; 4], Vec<Node>),
}

impl Node {
    fn bytes(&self, is_told: bool, is_long: bool) -> Vec<u8> {
        let (kind, body) = match self {
            Self::Kept(kind, body) => (kind, body.clone()),
            Self::Telling(kind, body) if is_told => (kind, body.clone()),
            // What is free space already stays what it is called.
            Self::Telling(kind, body) if kind == b"skip" => (kind, vec![0; body.len()]),
            Self::Telling(_, body) => (b"free", vec![0; body.len()]),
            Self::Tree(kind, nodes) => (kind, nodes.iter().flat_map(|node| node.bytes(is_told, is_long)).collect()),
        };
        if is_long {
            [&[0, 0, 0, 1][..], kind, &(body.len() as u64 + 16).to_be_bytes(), &body].concat()
        } else {
            boxed(kind, &body)
        }
    }
}

fn kept(kinds: &'static [&'static [u8; 4]]) -> impl Strategy<Value = Node> {
    let body = prop::collection::vec(any::<u8>(), 0..40);
    (prop::sample::select(kinds), body).prop_map(|(kind, body)| Node::Kept(*kind, body))
}

fn telling(kinds: &'static [&'static [u8; 4]]) -> impl Strategy<Value = Node> {
    let body = prop::collection::vec(any::<u8>(), 0..40);
    (prop::sample::select(kinds), body).prop_map(|(kind, body)| {
        let number = if kind == b"uuid" { XMP } else { &[] };
        Node::Telling(*kind, [number, PLACE, &body].concat())
    })
}

fn tree_of(kinds: &'static [&'static [u8; 4]], node: impl Strategy<Value = Node>) -> impl Strategy<Value = Node> {
    let nodes = prop::collection::vec(node, 0..5);
    (prop::sample::select(kinds), nodes).prop_map(|(kind, nodes)| Node::Tree(*kind, nodes))
}

fn node() -> impl Strategy<Value = Node> {
    let said = prop_oneof![
        kept(&[b"\xA9nam", b"cprt", b"name", b"covr"]),
        telling(&[b"\xA9xyz", b"loci", b"GPMF", b"free", b"uuid", b"smta"]),
    ];
    let said = tree_of(&[b"udta"], said);
    let leaf = prop_oneof![
        kept(&[b"mvhd", b"stts", b"abcd", b"\0\0\0\0", b"elst"]),
        telling(&[b"\xA9xyz", b"loci", b"uuid", b"free", b"skip", b"gps "]),
        said,
    ];
    leaf.prop_recursive(5, 40, 5, |inner| tree_of(&[b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"], inner))
}

/// Files that are fine, one of each kind.
fn fine() -> Vec<Vec<u8>> {
    let at = film_of(&[]).len() as u32 + 8;
    let tracks = [track(1, b"vide", b"avc1", &tables(at, 8)), track(2, b"meta", b"mebx", &tables(at + 8, 18))].concat();
    let user = boxed(b"udta", &boxed(b"loci", PLACE));
    let film = film_of(&[boxed(b"mdat", &samples()), boxed(b"moov", &[tracks, user].concat())]);
    let photographs = [photograph(0, false, PLACE), photograph(1, true, PLACE)];
    let others = vec![film, tiff(true), tiff(false), matroska(false), matroska(true), sound()];
    [others, photographs.to_vec(), raw_with_pictures().to_vec()].concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_any_tree_of_boxes_only_the_place_is_gone(
        nodes in prop::collection::vec(prop_oneof![node(), kept(&[b"mdat", b"abcd"])], 0..6),
        is_long: bool,
    ) {
        let bytes = |is_told| film_of(&nodes.iter().map(|node| node.bytes(is_told, is_long)).collect::<Vec<_>>());
        let after = blanked(&bytes(true));
        prop_assert_eq!(&after, &bytes(false));
        prop_assert!(!tells(&after, PLACE));
    }

    #[test]
    fn what_lies_does_no_harm(
        which in 0..11_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        large in prop::option::of(any::<prop::sample::Index>()),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = fine().swap_remove(which);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(at) = large {
            let at = at.index(bytes.len() - 4);
            bytes[at..at + 4].fill(0xFF);
        }
        looked_at(&bytes);
        bytes.truncate(end.index(bytes.len()));
        looked_at(&bytes);
    }
}
