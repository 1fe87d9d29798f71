public import TerminalUI
@MainActor public final class NcursesTerminal: @MainActor Terminal { public init() throws {}
 public var size: Size { Size(width: 80, height: 24) }
 public var capabilities: TerminalCapabilities { TerminalCapabilities() }
 public func show(_ screen: Screen) {}
 public func nextKey() -> Key? { nil }
 public func setMouse(_ on: Bool) {}
 public func suspend() {}
 public func restore() {}
}
