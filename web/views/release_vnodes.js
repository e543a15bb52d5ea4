import { options } from "preact";

/**
 * A component's first vnode stays in the props of what it was written in, for good where that is never drawn again. Its children
 * would stay with it, and through those that a later drawing left alone every later drawing too: each picture of the
 * river that there ever was. So what a vnode has been replaced in is taken from it, once the drawing is done. The names
 * are those that Preact's own hooks and its signals go by.
 *
 * @typedef {{__k: unknown, __c: object | null}} Internal a vnode: its children, its component
 */
export function releaseVnodes() {
  const internal =
    /** @type {{diffed?: (vnode: Internal) => void, __c?: (vnode: Internal, queue: unknown[]) => void}} */ (
      /** @type {unknown} */ (options)
    );
  const { diffed, __c: commit } = internal;
  /** What a component was drawn as last. @type {WeakMap<object, Internal>} */
  const last = new WeakMap();
  /** @type {Internal[]} */
  let replaced = [];
  internal.diffed = (vnode) => {
    const component = vnode.__c;
    if (component) {
      const before = last.get(component);
      if (before && before !== vnode) replaced.push(before);
      last.set(component, vnode);
    }
    diffed?.(vnode);
  };
  internal.__c = (vnode, queue) => {
    for (const old of replaced) old.__k = null;
    replaced = [];
    commit?.(vnode, queue);
  };
}
