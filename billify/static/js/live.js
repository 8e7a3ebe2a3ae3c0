/* Events the server names in HX-Trigger reach the body, where the parts of a page listen. */
export const events = (header) => {
  if (!header) return {};
  if (header[0] === "{") return JSON.parse(header);
  return Object.fromEntries(header.split(",").map((name) => [name.trim(), {}]));
};

export const ring = (header, bubbles = true) => {
  for (const [name, detail] of Object.entries(events(header))) {
    document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles }));
  }
};

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  // htmx speaks to the document when the pressed row was swapped away: the body would not hear it.
  if (!ctx.sourceElement.isConnected) ring(ctx.hx?.trigger, false);
});

// A tab that nobody looks at does not ask what changed; looked at again, it asks at once.
document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && event.detail.ctx.sourceElement.id === "live") event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.getElementById("live")?.dispatchEvent(new Event("look"));
});
