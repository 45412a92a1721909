import { z } from 'zod'
import { HostClocks, ReviewNote } from '../../../preload/contract/review'
import { JsonFile } from '../../platform/files'

/** Notes kept on one evidence. */
const MOST = 2000

const Page = z.object({ notes: z.array(ReviewNote), clocks: HostClocks })
type Page = z.infer<typeof Page>

const EMPTY: Page = { notes: [], clocks: {} }

/** What operators wrote down about evidence, and how its clocks are read: a file in the data folder for each digest. */
export class Notebook {
  private readonly files = new Map<string, JsonFile<Page>>()

  /** `pathOf` tells where the page of a digest is kept. */
  constructor(private readonly pathOf: (name: string) => string) {}

  /** Oldest first. @throws AppError `store.*` */
  async notes(digest: string): Promise<ReviewNote[]> {
    return (await this.pageOf(digest).read()).notes
  }

  /** @throws AppError `store.*` */
  async clocks(digest: string): Promise<HostClocks> {
    return (await this.pageOf(digest).read()).clocks
  }

  /** Adds a note, or replaces the one of the same id. @throws AppError `store.*` */
  async save(digest: string, note: ReviewNote): Promise<ReviewNote[]> {
    return this.change(digest, (notes) => {
      const others = notes.filter(({ id }) => id !== note.id)
      return [...others, note].sort((one, other) => one.writtenAt - other.writtenAt).slice(-MOST)
    })
  }

  /** @throws AppError `store.*` */
  async remove(digest: string, id: string): Promise<ReviewNote[]> {
    return this.change(digest, (notes) => notes.filter((note) => note.id !== id))
  }

  /** @throws AppError `store.*` */
  async setClocks(digest: string, clocks: HostClocks): Promise<void> {
    await this.pageOf(digest).update((page) => ({ ...page, clocks }))
  }

  private async change(
    digest: string,
    by: (notes: readonly ReviewNote[]) => ReviewNote[],
  ): Promise<ReviewNote[]> {
    const page = await this.pageOf(digest).update((now) => ({ ...now, notes: by(now.notes) }))
    return page.notes
  }

  private pageOf(digest: string): JsonFile<Page> {
    const file =
      this.files.get(digest) ??
      new JsonFile(this.pathOf(`${digest}.json`), (value) => Page.parse(value), EMPTY)
    this.files.set(digest, file)
    return file
  }
}
