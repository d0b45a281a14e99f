// The queue as it changes: counts are told anew, rows that somebody took are marked, and what is new is offered by one
// line. Rows never move by themselves: nothing changes place under a cursor or a finger. Without this script the page is
// what it was when it was loaded.
interface Change {
  id: string;
  state: string;
  tier: string;
  category: string;
  areaCode: string | null;
  waiting: boolean;
  due: string | null;
}

interface Counts {
  tiers: { tier: string; waiting: number }[];
  secondReview: number;
  returned: number;
  waitingForReporter: number;
  overdue: number;
}

interface News {
  counts: Counts;
  changed: Change[];
  more: boolean;
}

const again = 15_000;

export function enhanceQueue(): void {
  const desk = document.querySelector<HTMLElement>("[data-queue-stream]");
  if (desk) {
    moveByKeys();
    listen(desk);
  }
}

/** The two marks that the shortcuts j and k click: the focus goes to the next row's link, which Enter opens. */
function moveByKeys(): void {
  for (const mark of document.querySelectorAll<HTMLElement>("[data-queue-move]")) {
    mark.addEventListener("click", () => {
      const links = [...document.querySelectorAll<HTMLAnchorElement>("a[data-row-link]")];
      const at = links.indexOf(document.activeElement as HTMLAnchorElement);
      const step = Number(mark.dataset.queueMove);
      const to = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
      links[to]?.focus();
    });
  }
}

function listen(desk: HTMLElement): void {
  const fresh = new Set<string>();
  let more = false;
  let told = "";
  let missed = false;
  let stream: EventSource | null = null;

  const open = () => {
    stream?.close();
    stream = new EventSource(desk.dataset.queueStream ?? "");
    stream.addEventListener("queue", (event) => hear(JSON.parse((event as MessageEvent<string>).data) as News));
    stream.addEventListener("error", () => {
      missed = true;
      if (stream?.readyState === EventSource.CLOSED) {
        void refused();
      }
    });
  };

  /** The browser does not say why a stream was refused; another answer does. */
  const refused = async () => {
    const status = await fetch(desk.dataset.countsAddress ?? "").then((answer) => answer.status, () => 0);
    const ended = desk.querySelector<HTMLElement>("[data-queue-ended]");
    if (status === 401 && ended) {
      ended.hidden = false;
    } else {
      setTimeout(open, again);
    }
  };

  const hear = (news: News) => {
    const counts = countsByName(news.counts);
    const now = JSON.stringify(counts);
    more = more || news.more || (missed && told !== "" && told !== now);
    missed = false;
    told = now;
    tell(counts);
    for (const change of news.changed) {
      const row = desk.querySelector<HTMLElement>(`[data-row="${change.id}"]`);
      if (row) {
        mark(row, change);
      } else if (change.waiting && isWanted(desk, change)) {
        fresh.add(change.id);
      } else {
        fresh.delete(change.id);
      }
    }
    offer(desk, fresh.size, more);
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      // A browser opens six connections to a host: tabs in the back leave them to the one in front.
      stream?.close();
      missed = true;
    } else {
      open();
    }
  });
  addEventListener("pagehide", () => stream?.close());
  if (!document.hidden) {
    open();
  }
}

function countsByName(counts: Counts): Record<string, number> {
  return {
    ...Object.fromEntries(counts.tiers.map((tier) => [tier.tier, tier.waiting])),
    second_review: counts.secondReview,
    returned: counts.returned,
    waiting_for_reporter: counts.waitingForReporter,
    overdue: counts.overdue,
  };
}

function tell(counts: Record<string, number>): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-count]")) {
    const count = counts[place.dataset.count ?? ""];
    if (count !== undefined && place.textContent !== String(count)) {
      place.textContent = String(count);
    }
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-count-shows]")) {
    place.hidden = counts[place.dataset.countShows ?? ""] === 0;
  }
}

/** Words in the row, which stays where it is. */
function mark(row: HTMLElement, change: Change): void {
  const same = row.dataset.state === change.state && row.dataset.waiting === String(change.waiting);
  const taken = !same && change.state === "under_verification" && !change.waiting;
  show(row.querySelector("[data-row-taken]"), taken);
  show(row.querySelector("[data-row-changed]"), !same && !taken);
}

function show(place: HTMLElement | null, on: boolean): void {
  if (place) {
    place.hidden = !on;
  }
}

/** Whether it belongs into the list as it is filtered. */
function isWanted(desk: HTMLElement, change: Change): boolean {
  const { tier, category, area, state, queue } = desk.dataset;
  return (
    !queue &&
    (!tier || tier === change.tier) &&
    (!category || category === change.category) &&
    (!state || state === change.state) &&
    (!area || change.areaCode === area || (change.areaCode ?? "").startsWith(area + "."))
  );
}

function offer(desk: HTMLElement, count: number, more: boolean): void {
  const news = desk.querySelector<HTMLElement>("[data-queue-news]");
  const link = news?.querySelector("a");
  if (!news || !link) {
    return;
  }
  const { one, many, more: changed } = news.dataset;
  const text = more ? changed : count === 0 ? "" : count === 1 ? one : many?.replace("{0}", String(count));
  link.hidden = !text;
  if (link.textContent !== (text ?? "")) {
    link.textContent = text ?? "";
  }
}
