/* A button pressed says so, and a form on its way is not sent a second time. */
const FIRST_BAD = "form:not([data-again]) [aria-invalid=true]";
const buttonOf = (form, submitter) => submitter ?? form.querySelector("button:not([type=button])");

document.addEventListener("submit", (event) => {
  const form = event.target;
  // Prevented: htmx sends it and keeps its own queue. GET and data-again stay on the page.
  if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
  if ("sent" in form.dataset) return event.preventDefault();
  form.dataset.sent = "";
  buttonOf(form, event.submitter)?.setAttribute("aria-busy", "true");
});

// Back from the browser's memory: the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

const pressed = ({ sourceElement, request }) =>
  sourceElement.matches("button") ? sourceElement : request?.submitter;
document.addEventListener("htmx:before:request", ({ detail }) => pressed(detail.ctx)?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:finally:request", ({ detail }) => pressed(detail.ctx)?.removeAttribute("aria-busy"));

// A form that came back with errors: the first bad field is where one goes on.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx.response?.status === 422) document.querySelector(FIRST_BAD)?.focus();
});
document.querySelector(FIRST_BAD)?.focus();
