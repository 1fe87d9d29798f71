/// A terminal in memory: keeps the screens it was shown and plays keys from a script.
public final class MemoryTerminal: Terminal {
  /// Its present size; a change takes effect at once, ``resize(to:)`` also tells of it.
  public var size: Size
  /// What it pretends to be able to show.
  public let capabilities: TerminalCapabilities
  /// The screens shown, oldest first.
  public private(set) var screens: [Screen] = []
  /// Whether the mouse is on.
  public private(set) var isMouseOn = false
  /// How many times it rang.
  public private(set) var rings = 0
  /// How many times it was suspended.
  public private(set) var suspensions = 0
  /// Whether it was given back.
  public private(set) var isRestored = false
  private var keys: [Key]
  private let keepsScreens: Bool

  /// A terminal of `size` on which `keys` will be pressed; it keeps every screen, or the newest only.
  public init(
    size: Size, capabilities: TerminalCapabilities = TerminalCapabilities(), keys: [Key] = [],
    keepsScreens: Bool = true
  ) {
    self.keepsScreens = keepsScreens
    self.size = size
    self.capabilities = capabilities
    self.keys = keys
  }

  /// Presses more keys, after those that are still waiting.
  public func press(_ more: Key...) { keys += more }

  /// Changes the size and says so with ``Key/resize``.
  public func resize(to size: Size) {
    self.size = size
    keys.append(.resize)
  }

  /// The screen shown last.
  public var screen: Screen? { screens.last }

  /// Whether keys were pressed that nobody has read yet.
  public var hasWaitingKeys: Bool { !keys.isEmpty }

  /// Keeps the screen.
  public func show(_ screen: Screen) {
    if !keepsScreens { screens.removeAll(keepingCapacity: true) }
    screens.append(screen)
  }
  /// The next key of the script.
  public func nextKey() -> Key? { keys.isEmpty ? nil : keys.removeFirst() }
  /// Remembers it.
  public func setMouse(_ on: Bool) { isMouseOn = on }
  /// Counts it.
  public func ring() { rings += 1 }
  /// Counts it.
  public func suspend() { suspensions += 1 }
  /// Remembers it.
  public func restore() { isRestored = true }
}
