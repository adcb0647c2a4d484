// What the browser alone can do for the pages. No inline scripts anywhere, so that a content security policy can forbid them.
'use strict';

window.governance = {
  timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,

  setTheme(theme) {
    const root = document.documentElement;
    const rules = `path=/; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
    if (theme === 'system') {
      root.removeAttribute('data-theme');
      document.cookie = `theme=; max-age=0; ${rules}`;
    } else {
      root.setAttribute('data-theme', theme);
      document.cookie = `theme=${theme}; max-age=31536000; ${rules}`;
    }
  },

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Without a secure context there is no clipboard API; the old way still works.
      const area = document.createElement('textarea');
      area.value = text;
      area.setAttribute('readonly', '');
      area.className = 'visually-hidden';
      (document.querySelector('dialog[open]') ?? document.body).append(area);
      area.select();
      const copied = document.execCommand('copy');
      area.remove();
      return copied;
    }
  },

  /** What stands in a text area, as bytes, because it may be larger than a message of the circuit. */
  textOf: area => new TextEncoder().encode(area.value),

  /** Fetches a file as if its link had been clicked. */
  download(href) {
    const link = document.createElement('a');
    link.href = href;
    link.download = '';
    document.body.append(link);
    link.click();
    link.remove();
  },

  closeMenus() {
    for (const menu of document.querySelectorAll('details[data-menu][open]')) menu.open = false;
  },

  openDialog(dialog) {
    if (dialog.open) return;
    dialog.showModal();
    // A form is opened to be filled in: its first field has the focus, not the button that closes it.
    const field = dialog.querySelector('.dialog-body :is(input, select, textarea)');
    field?.focus();
    // A long text is read from its beginning.
    if (field instanceof HTMLTextAreaElement) {
      field.setSelectionRange(0, 0);
      field.scrollTop = 0;
    }
  },

  closeDialog(dialog) {
    // What was done in it may have taken away the part of the page that it is in.
    dialog?.close();
  },
};

// Passkeys: the browser signs a challenge of the server, and the form carries what it signed.
(() => {
  async function sign(form) {
    const kind = form.dataset.passkey;
    const token = form.querySelector('input[name="__RequestVerificationToken"]').value;
    const answer = await fetch(kind === 'create' ? 'account/passkeys/creation-options' : 'account/passkeys/request-options', {
      method: 'POST', credentials: 'same-origin', headers: { RequestVerificationToken: token },
    });
    if (!answer.ok) throw new Error('The server gave no challenge.');
    const options = await answer.json();
    const credential = kind === 'create'
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    return JSON.stringify(credential);
  }

  document.addEventListener('submit', async event => {
    const form = event.target;
    const field = form.matches?.('form[data-passkey]') ? form.querySelector('[data-credential]') : null;
    if (!field || field.value) return;
    event.preventDefault();
    event.stopPropagation();
    const error = form.querySelector('[data-passkey-error]');
    error.hidden = true;
    try {
      field.value = await sign(form);
      form.requestSubmit();
    } catch {
      error.textContent = 'The browser gave no passkey. Try again, or use another way.';
      error.hidden = false;
    }
  }, true);

  // Where the browser knows no passkeys, nothing about them is shown.
  const show = () => {
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
    for (const form of document.querySelectorAll('form[data-passkey]')) form.hidden = false;
  };
  show();
  document.addEventListener('DOMContentLoaded', () => {
    show();
    window.Blazor?.addEventListener?.('enhancedload', show);
  });
})();

(() => {
  const narrow = window.matchMedia('(max-width: 899px)');

  function setDrawer(open) {
    const nav = document.getElementById('navigation');
    if (!nav || !narrow.matches) return;
    document.documentElement.classList.toggle('drawer-open', open);
    if (open) nav.querySelector('a, button')?.focus();
    else if (nav.contains(document.activeElement)) document.querySelector('[data-drawer="open"]')?.focus();
  }

  function closeMenus(except) {
    for (const menu of document.querySelectorAll('details[data-menu][open]')) {
      if (menu !== except) menu.open = false;
    }
  }

  document.addEventListener('click', event => {
    const target = event.target instanceof Element ? event.target : null;
    const drawer = target?.closest('[data-drawer]');
    if (drawer) setDrawer(drawer.dataset.drawer === 'open');

    if (target?.closest('[data-skip]')) {
      event.preventDefault();
      document.getElementById('main')?.focus();
    }

    if (target?.closest('[data-print]')) window.print();

    const menu = target?.closest('details[data-menu]');
    closeMenus(target?.closest('a.menu-item') ? null : menu);

    // A click beside a dialog closes it, unless it holds something that would be lost.
    if (target instanceof HTMLDialogElement && target.open && !target.querySelector('form, [data-once]')) target.close();

    // A row with a main link is one large target; text in it can still be selected.
    const row = target?.closest('tr[data-row]');
    if (row && !target.closest('a, button, input, summary') && !String(window.getSelection())) row.querySelector('a')?.click();
  });

  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    const open = document.querySelector('details[data-menu][open]');
    if (open) {
      open.open = false;
      open.querySelector('summary')?.focus();
    } else {
      setDrawer(false);
    }
  });

  document.addEventListener('focusin', event => {
    const menu = event.target instanceof Element ? event.target.closest('details[data-menu]') : null;
    closeMenus(menu);
  });
})();

// The circuit to the server: Blazor's script says by a class how it is, and leaves the rest to the page.
(() => {
  const state = document.getElementById('components-reconnect-modal');
  if (!state) return;

  async function reconnect() {
    try {
      if (!await window.Blazor.reconnect()) location.reload();
    } catch {
      // The server still cannot be reached; the button stays.
    }
  }

  new MutationObserver(() => {
    // The server does not know the circuit any more: the page starts anew.
    if (state.classList.contains('components-reconnect-rejected')) location.reload();
  }).observe(state, { attributes: true, attributeFilter: ['class'] });

  state.querySelector('[data-reconnect]').addEventListener('click', reconnect);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && state.classList.contains('components-reconnect-failed')) reconnect();
  });
})();
