/** Content of an NCP template, without its name and place. */
export interface TemplateContent {
  readonly description: string | null;
  readonly title: string;
  readonly body: string;
  readonly senderAddress: string;
  readonly senderName: string | null;
}

interface Placed {
  readonly sid: number;
  /** ROOT_SID, or the sid of a category. */
  readonly parentSid: number;
  readonly name: string;
  /** Epoch ms. */
  readonly createdAt: number;
}

export interface TemplateNode extends Placed {
  readonly isCategory: false;
  /** False once deleted: deletion is soft. */
  readonly isUse: boolean;
  readonly content: TemplateContent;
}

export interface CategoryNode extends Placed {
  readonly isCategory: true;
}

export type TreeNode = TemplateNode | CategoryNode;

export const ROOT_SID = -1;

/** Categories and templates of one NCP region: one tree, in the order that its owner gave it. */
export class TemplateTree {
  #nodes: TreeNode[] = [];

  category(sid: number): CategoryNode | undefined {
    const node = this.node(sid);
    return node?.isCategory === true ? node : undefined;
  }

  template(sid: number): TemplateNode | undefined {
    const node = this.node(sid);
    return node?.isCategory === false ? node : undefined;
  }

  node(sid: number): TreeNode | undefined {
    return this.#nodes.find((node) => node.sid === sid);
  }

  children(parentSid: number): TreeNode[] {
    return this.#nodes.filter((node) => node.parentSid === parentSid);
  }

  /** True if the category is the other one or lies in it, at any depth. */
  isWithin(sid: number, ancestorSid: number): boolean {
    for (let at = sid; at !== ROOT_SID; at = this.node(at)?.parentSid ?? ROOT_SID) {
      if (at === ancestorSid) return true;
    }
    return false;
  }

  /** Adds a node as the last one, or replaces the one with its sid where it stands. */
  put<Node extends TreeNode>(node: Node): Node {
    const at = this.#nodes.findIndex(({ sid }) => sid === node.sid);
    if (at < 0) this.#nodes.push(node);
    else this.#nodes[at] = node;
    return node;
  }

  /** Puts a node right before another one; nothing happens when that one is not its sibling. */
  moveBefore(sid: number, lowerSid: number): void {
    const [node, lower] = [this.node(sid), this.node(lowerSid)];
    if (!node || !lower || node === lower || node.parentSid !== lower.parentSid) return;
    this.#nodes = this.#nodes.filter((other) => other !== node);
    this.#nodes.splice(this.#nodes.indexOf(lower), 0, node);
  }

  remove(sid: number): void {
    this.#nodes = this.#nodes.filter((node) => node.sid !== sid);
  }

  all(): readonly TreeNode[] {
    return this.#nodes;
  }
}
