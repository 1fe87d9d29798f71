extension StyleRole {
  /// The roles of curves, bars and marks, in order.
  public static let seriesRoles: [StyleRole] = [
    .series1, .series2, .series3, .series4, .series5,
    .series6, .series7, .series8, .series9, .series10,
  ]

  /// The steps of the heat ramp, cold to hot.
  public static let heatRoles: [StyleRole] = [
    .heat0, .heat1, .heat2, .heat3, .heat4, .heat5, .heat6, .heat7,
    .heat8, .heat9, .heat10, .heat11, .heat12, .heat13, .heat14, .heat15,
  ]

  /// The role of series `index`, from 0; after the tenth it starts again.
  public static func series(_ index: Int) -> StyleRole {
    let count = seriesRoles.count
    return seriesRoles[((index % count) + count) % count]
  }

  /// The step of the heat ramp for a value of 0…1; what lies outside takes the nearest end.
  public static func heat(_ value: Double) -> StyleRole {
    guard !value.isNaN else { return .dim }
    let bounded = min(max(value, 0), 1)
    return heatRoles[min(heatRoles.count - 1, Int(bounded * Double(heatRoles.count)))]
  }

  /// The letter that stands for the role in ``Screen/styleText``; each role has its own.
  public var letter: Character {
    switch self {
    case .text: "."
    case .dim: "d"
    case .strong: "s"
    case .border: "b"
    case .borderFocused: "f"
    case .title: "t"
    case .titleFocused: "u"
    case .accent: "a"
    case .good: "g"
    case .warning: "w"
    case .critical: "c"
    case .header: "h"
    case .footerKey: "k"
    case .footerText: "j"
    case .selection: "e"
    case .label: "l"
    case .track: "_"
    case .target: "|"
    case .axis: "x"
    case .marker: "m"
    case .cursor: "+"
    case .tab: "y"
    case .tabSelected: "z"
    case .field: "i"
    case .fieldFocused: "o"
    case .invalid: "v"
    case .popup: "p"
    case .alarm: "!"
    case .series1: "A"
    case .series2: "B"
    case .series3: "C"
    case .series4: "D"
    case .series5: "E"
    case .series6: "F"
    case .series7: "G"
    case .series8: "H"
    case .series9: "I"
    case .series10: "J"
    case .heat0: "0"
    case .heat1: "1"
    case .heat2: "2"
    case .heat3: "3"
    case .heat4: "4"
    case .heat5: "5"
    case .heat6: "6"
    case .heat7: "7"
    case .heat8: "8"
    case .heat9: "9"
    case .heat10: "P"
    case .heat11: "Q"
    case .heat12: "R"
    case .heat13: "S"
    case .heat14: "T"
    case .heat15: "U"
    }
  }
}
