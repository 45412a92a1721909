import { computed, onScopeDispose, readonly, ref } from 'vue'

const LONGEST_PAUSE_MS = 300_000

/**
 * Calls `load` now and again after each pause, while the page can be seen. `load` answers whether it succeeded;
 * the pause doubles with each failure, up to five minutes. `pauseMs` is asked anew before each pause.
 * `nextAt` is when the next load starts; absent while one runs or while paused.
 */
export function useAutoRefresh(load: () => Promise<boolean>, pauseMs: () => number) {
  const stopped = ref(false)
  const hidden = ref(document.hidden)
  const failures = ref(0)
  const nextAt = ref<number>()
  const paused = computed(() => stopped.value || hidden.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  /** Loads at once, and begins a new pause after it. */
  async function refresh(): Promise<void> {
    const mine = (turn += 1)
    clearTimeout(timer)
    nextAt.value = undefined
    const ok = await load()
    if (mine !== turn) return
    failures.value = ok ? 0 : failures.value + 1
    schedule()
  }

  function schedule(): void {
    clearTimeout(timer)
    nextAt.value = undefined
    if (paused.value) return
    const pause = Math.min(pauseMs() * 2 ** failures.value, LONGEST_PAUSE_MS)
    nextAt.value = Date.now() + pause
    timer = setTimeout(() => void refresh(), pause)
  }

  /** Stops refreshing by itself, or goes on with a load at once. */
  function pause(on: boolean): void {
    stopped.value = on
    if (on) schedule()
    else void refresh()
  }

  function onVisibility(): void {
    const was = paused.value
    hidden.value = document.hidden
    if (paused.value) schedule()
    else if (was) void refresh()
  }

  document.addEventListener('visibilitychange', onVisibility)
  onScopeDispose(() => {
    turn += 1
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onVisibility)
  })
  void refresh()
  return {
    stopped: readonly(stopped),
    paused,
    failures: readonly(failures),
    nextAt,
    refresh,
    pause,
  }
}
