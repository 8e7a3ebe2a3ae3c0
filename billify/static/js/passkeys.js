/* <passkey-login> and <passkey-add>: what the server asks for goes to the device, and the device's answer goes
   back with the form inside. Browsers that can't do it see no button, and the sentence that says so. */
const can = () => Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON);
const GIVEN_UP = new Set(["AbortError", "NotAllowedError"]);

class PasskeyForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.button = this.querySelector("button[type=button]");
    this.show(can() ? "" : "unable");
    this.button.hidden = !can();
    if (!can()) return;
    this.button.addEventListener("click", () => this.ask());
    this.begin?.();
  }
  get asked() {
    return JSON.parse(this.dataset.asked);
  }
  show(name) {
    for (const said of this.querySelectorAll("[data-said]")) said.hidden = said.dataset.said !== name;
  }
  async ask(more = {}) {
    this.waiting?.abort();
    this.waiting = new AbortController();
    this.show("");
    try {
      this.send(await this.get({ ...more, signal: this.waiting.signal }));
    } catch (error) {
      if (error.name === "InvalidStateError") this.show("known");
      else if (!more.mediation) this.show(GIVEN_UP.has(error.name) ? "stopped" : "failed");
    }
  }
  send(credential) {
    this.form.elements.answer.value = JSON.stringify(credential.toJSON());
    this.form.submit();
  }
}

customElements.define("passkey-login", class extends PasskeyForm {
  /* Passkeys appear among the suggestions of the e-mail field, too. */
  async begin() {
    if (await PublicKeyCredential.isConditionalMediationAvailable?.()) this.ask({ mediation: "conditional" });
  }
  get(options) {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(this.asked);
    return navigator.credentials.get({ publicKey, ...options });
  }
});

customElements.define("passkey-add", class extends PasskeyForm {
  get(options) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(this.asked);
    return navigator.credentials.create({ publicKey, ...options });
  }
});
