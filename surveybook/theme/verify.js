// Verify this copy: fetch every file that the manifest lists, hash it, and say what is not as published.
(() => {
  const AT_ONCE = 6;
  const FOLDER = "This page was opened from a folder, and a browser reads no files of one. Open the site on the web, or run “surveybook verify” on the folder.";
  const INSECURE = "This browser hashes files only on pages that came over https, or from this machine. Open the site by https, or run “surveybook verify” with its address.";
  const box = document.getElementById("verify-copy");
  const start = box.querySelector("button");
  const told = box.querySelector(".verify-told");
  const found = box.querySelector(".verify-found");

  async function hash(content) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function get(name) {
    const answer = await fetch(name.split("/").map(encodeURIComponent).join("/"), { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    return answer.arrayBuffer();
  }

  // What is wrong with a file, or nothing. Hosts keep hidden files to themselves; an empty one says nothing.
  async function fault(name, { bytes, sha256 }) {
    try {
      const content = await get(name);
      return content.byteLength === bytes && await hash(content) === sha256 ? "" : "is not as published";
    } catch {
      return name.startsWith(".") && bytes === 0 ? "" : "cannot be had";
    }
  }

  function tell(words) {
    const line = document.createElement("li");
    line.textContent = words;
    found.append(line);
  }

  async function verify() {
    start.disabled = true;
    found.replaceChildren();
    try {
      const list = await get(box.dataset.manifest);
      const files = Object.entries(JSON.parse(new TextDecoder().decode(list)).files);
      const waiting = files.values();
      let done = 0;
      let wrong = 0;
      const worker = async () => {
        for (const [name, one] of waiting) {
          const what = await fault(name, one);
          if (what) tell(`${name} ${what}`);
          wrong += what ? 1 : 0;
          done += 1;
          told.textContent = `${done} of ${files.length} files`;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      const count = `${files.length - wrong} of ${files.length} files are as published`;
      told.textContent = `${count}; the list itself has the hash ${await hash(list)}.`;
    } catch {
      told.textContent = "The list of files cannot be had or read, so that nothing can be verified.";
    }
    start.disabled = false;
  }

  const reason = location.protocol === "file:" ? FOLDER : crypto.subtle ? "" : INSECURE;
  told.textContent = reason;
  start.disabled = reason !== "";
  start.addEventListener("click", verify);
})();
