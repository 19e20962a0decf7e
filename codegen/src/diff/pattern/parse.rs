//! Reads a regular expression of ECMA 262. In: its text. Out: a tree; nothing where it is more than regular. Knows no automaton.

/// A set of characters: ranges, both ends included.
pub(super) type Set = Vec<(u32, u32)>;

/// The highest code point.
pub(super) const LAST: u32 = 0x0010_FFFF;

/// A regular expression.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    /// One character of a set.
    One(Set),
    /// One after the other.
    Sequence(Vec<Tree>),
    /// One of several.
    Choice(Vec<Tree>),
    /// So many times; without a second number any number of times more.
    Repeat(Box<Tree>, u32, Option<u32>),
}

/// More repetitions than this are not written out.
const MOST_REPETITIONS: u32 = 256;

/// How deep groups may nest.
const DEEPEST: usize = 32;

/// Reads a pattern, which matches anywhere in a text unless it is anchored.
pub(super) fn pattern(text: &str) -> Option<Tree> {
    let characters: Vec<char> = text.chars().collect();
    let mut parser = Parser { rest: &characters };
    let tree = parser.top()?;
    parser.rest.is_empty().then_some(tree)
}

struct Parser<'a> {
    rest: &'a [char],
}

fn anything() -> Tree {
    Tree::Repeat(Box::new(Tree::One(vec![(0, LAST)])), 0, None)
}

impl Parser<'_> {
    fn next(&mut self) -> Option<char> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.rest.first() == Some(&expected);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    /// Alternatives that may be anchored, each on its own.
    fn top(&mut self) -> Option<Tree> {
        let mut choice = Vec::new();
        loop {
            let mut sequence = Vec::new();
            if !self.eat('^') {
                sequence.push(anything());
            }
            sequence.push(self.sequence(0)?);
            if !self.eat('$') {
                sequence.push(anything());
            }
            choice.push(Tree::Sequence(sequence));
            if !self.eat('|') {
                return Some(Tree::Choice(choice));
            }
        }
    }

    fn choice(&mut self, depth: usize) -> Option<Tree> {
        let mut choice = vec![self.sequence(depth)?];
        while self.eat('|') {
            choice.push(self.sequence(depth)?);
        }
        Some(Tree::Choice(choice))
    }

    fn sequence(&mut self, depth: usize) -> Option<Tree> {
        let mut sequence = Vec::new();
        while let Some(first) = self.rest.first() {
            match first {
                '|' | ')' | '$' => break,
                // Anchors elsewhere than at the ends are rare, and hard to get right.
                '^' | '*' | '+' | '?' | '{' | '}' | ']' => return None,
                _ => {
                    let atom = self.atom(depth)?;
                    sequence.push(self.repeated(atom)?);
                }
            }
        }
        Some(Tree::Sequence(sequence))
    }

    fn atom(&mut self, depth: usize) -> Option<Tree> {
        match self.next()? {
            '.' => Some(Tree::One(without(&[(10, 10), (13, 13), (0x2028, 0x2029)]))),
            '[' => self.class().map(Tree::One),
            '\\' => self.escape().map(Tree::One),
            '(' if depth < DEEPEST => {
                if self.eat('?') && !self.eat(':') {
                    return None;
                }
                let inner = self.choice(depth + 1)?;
                self.eat(')').then_some(inner)
            }
            '(' => None,
            character => Some(Tree::One(vec![(character.into(), character.into())])),
        }
    }

    fn repeated(&mut self, atom: Tree) -> Option<Tree> {
        let (least, most) = match self.rest.first() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.counted(atom),
            _ => return Some(atom),
        };
        self.next();
        // Whether it takes as much or as little as it can changes nothing in what matches.
        self.eat('?');
        Some(Tree::Repeat(Box::new(atom), least, most))
    }

    fn counted(&mut self, atom: Tree) -> Option<Tree> {
        self.next();
        let least = self.number()?;
        let most = match self.eat(',') {
            false => Some(least),
            true if self.rest.first() == Some(&'}') => None,
            true => Some(self.number()?),
        };
        let ordered = most.is_none_or(|most| least <= most && most <= MOST_REPETITIONS);
        let right = self.eat('}') && ordered && least <= MOST_REPETITIONS;
        self.eat('?');
        right.then(|| Tree::Repeat(Box::new(atom), least, most))
    }

    fn number(&mut self) -> Option<u32> {
        let mut text = String::new();
        while let Some(digit) = self.rest.first().filter(|digit| digit.is_ascii_digit()) {
            text.push(*digit);
            self.next();
        }
        text.parse().ok()
    }

    fn class(&mut self) -> Option<Set> {
        let negated = self.eat('^');
        let mut set = Set::new();
        loop {
            let start = match self.next()? {
                ']' => break,
                '\\' => self.escape()?,
                character => vec![(character.into(), character.into())],
            };
            let range = self.rest.first() == Some(&'-')
                && self.rest.get(1).is_some_and(|next| *next != ']');
            match (start.as_slice(), range) {
                ([(first, last)], true) if first == last => {
                    self.next();
                    let end = match self.next()? {
                        '\\' => self.escape()?,
                        character => vec![(character.into(), character.into())],
                    };
                    let [(end, same)] = end.as_slice() else {
                        return None;
                    };
                    if end != same || end < first {
                        return None;
                    }
                    set.push((*first, *end));
                }
                _ => set.extend(start),
            }
        }
        Some(if negated { without(&set) } else { set })
    }

    fn escape(&mut self) -> Option<Set> {
        let one = |code: u32| Some(vec![(code, code)]);
        let digits = vec![(48, 57)];
        let words = vec![(48, 57), (65, 90), (95, 95), (97, 122)];
        let spaces = vec![
            (9, 13),
            (32, 32),
            (160, 160),
            (0x1680, 0x1680),
            (0x2000, 0x200A),
            (0x2028, 0x2029),
            (0x202F, 0x202F),
            (0x205F, 0x205F),
            (0x3000, 0x3000),
            (0xFEFF, 0xFEFF),
        ];
        match self.next()? {
            'd' => Some(digits),
            'D' => Some(without(&digits)),
            'w' => Some(words),
            'W' => Some(without(&words)),
            's' => Some(spaces),
            'S' => Some(without(&spaces)),
            'n' => one(10),
            'r' => one(13),
            't' => one(9),
            'f' => one(12),
            'v' => one(11),
            'x' => self.code(2).and_then(one),
            'u' => self.code(4).and_then(one),
            character if !character.is_alphanumeric() => one(character.into()),
            _ => None,
        }
    }

    fn code(&mut self, length: usize) -> Option<u32> {
        let text: String = self.rest.get(..length)?.iter().collect();
        self.rest = &self.rest[length..];
        u32::from_str_radix(&text, 16).ok()
    }
}

/// All characters but those of a set.
fn without(set: &[(u32, u32)]) -> Set {
    let mut sorted = set.to_vec();
    sorted.sort_unstable();
    let mut found = Set::new();
    let mut next = 0;
    for (first, last) in sorted {
        if first > next {
            found.push((next, first - 1));
        }
        next = next.max(last + 1);
    }
    if next <= LAST {
        found.push((next, LAST));
    }
    found
}
