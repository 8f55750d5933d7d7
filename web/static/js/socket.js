// The connection to the live rooms: one a page, made anew whenever it is lost, until the server says that it is over.
// What goes over it is written in web/live/PROTOCOL.md. It knows nothing of rooms but their cursors.

const version = 1;
const protocol = "firstdrops.v1";
const address = location.origin.replace(/^http/, "ws") + "/ws";

// Milliseconds.
const firstPause = 500; // before the first try again; each further one may be twice as long
const longestPause = 30_000;
const silence = 40_000; // without a frame of the server for so long, the connection is dead
const greeting = 10_000; // the server's welcome comes within this time
const steady = 5_000; // a connection that held for so long was a good one
const hiddenLong = 10_000; // phones kill the sockets of hidden pages without saying so
const restart = 5_000; // a restart's window where the server named none

const askEvery = 4; // tries that find the door shut, until somebody asks why: a restart is not the time for questions

export class Socket {
  // rooms() gives the cursors; heard(object) gets what the server says; changed(state, code) is told "connecting",
  // "open", "lost", or "over" with the close code; refused() that the door did not open at all.
  constructor({ rooms, heard, changed, refused }) {
    Object.assign(this, { rooms, heard, changed, refused });
    this.ws = null;
    this.over = false;
    this.welcomed = false;
    this.fails = 0; // tries since the last good connection
    this.offset = 0; // the server's clock minus ours
    this.lostAt = 0; // when the last good connection ended; 0 while there is none to make up for
    this.window = 0;
    this.hiddenAt = 0;
    addEventListener("online", () => this.renew());
    addEventListener("offline", () => this.ws && this.closed(1006));
    addEventListener("pageshow", (event) => event.persisted && this.renew());
    addEventListener("pagehide", () => this.drop()); // so that the page may wait in the back/forward cache
    document.addEventListener("visibilitychange", () => this.seen());
    setInterval(() => this.watch(), 5_000);
  }

  connect() {
    clearTimeout(this.timer);
    this.changed("connecting");
    const ws = new WebSocket(address, protocol);
    this.ws = ws;
    this.begunAt = this.heardAt = Date.now();
    this.welcomed = this.opened = false;
    ws.onopen = () => {
      if (ws !== this.ws) return;
      this.opened = true;
      this.send({ t: "hello", v: version, rooms: this.rooms() });
    };
    ws.onmessage = ({ data }) => ws === this.ws && this.read(data);
    ws.onclose = ({ code }) => ws === this.ws && this.closed(code);
  }

  // send gives an object to the server; false where there is nobody to give it to.
  send(object) {
    if (this.ws?.readyState !== WebSocket.OPEN) return false;
    this.ws.send(JSON.stringify(object));
    return true;
  }

  read(frame) {
    this.heardAt = Date.now();
    for (const line of frame.split("\n")) {
      if (line) this.take(JSON.parse(line));
    }
  }

  take(object) {
    if (object.now) this.offset = object.now - Date.now();
    switch (object.t) {
      case "welcome":
        this.welcomed = true;
        this.changed("open");
        break;
      case "p":
        this.send({ t: "q" });
        break;
      case "bye":
        this.window = object.window;
        break;
      default:
        this.heard(object);
    }
  }

  // closed decides what an end means: for good, or to be tried again after a pause that no two clients share.
  closed(code) {
    const { opened } = this;
    this.drop();
    if (code >= 4400 && code <= 4999) {
      this.end(code);
      return;
    }
    if (Date.now() - this.begunAt > steady) this.fails = 0;
    let longest = Math.min(longestPause, firstPause * 2 ** this.fails++);
    if (this.window || code === 1012) longest = this.window || restart;
    this.window = 0;
    this.changed("lost", code);
    if (!opened && navigator.onLine && this.fails % askEvery === 2) this.refused();
    if (!this.over) this.timer = setTimeout(() => this.connect(), Math.random() * longest);
  }

  // end stops trying.
  end(code) {
    this.drop();
    this.over = true;
    clearTimeout(this.timer);
    this.changed("over", code);
  }

  // drop lets go of the socket, whatever state it is in, and remembers since when nothing is heard.
  drop() {
    const { ws } = this;
    if (!ws) return;
    this.ws = null;
    if (this.welcomed && !this.lostAt) {
      const lately = Date.now() - this.heardAt < silence;
      this.lostAt = lately ? Date.now() : this.heardAt;
    }
    ws.close();
  }

  // rest lets go of the socket until renew is asked for.
  rest() {
    clearTimeout(this.timer);
    this.drop();
  }

  // renew takes a new socket at once.
  renew() {
    if (this.over) return;
    this.drop();
    this.fails = 0;
    this.connect();
  }

  seen() {
    if (document.hidden) {
      this.hiddenAt = Date.now();
      return;
    }
    if (this.hiddenAt && Date.now() - this.hiddenAt >= hiddenLong) this.renew();
    this.hiddenAt = 0;
  }

  watch() {
    if (!this.ws) return;
    const quiet = Date.now() - this.heardAt;
    if (quiet > silence || (!this.welcomed && quiet > greeting)) this.closed(4002);
  }
}
