extension Theme {
  /// Spreads `colors` over the sixteen steps of the heat ramp; the text on each step is black or
  /// white, whichever has the higher contrast.
  mutating func setHeat(_ colors: [Color]) {
    guard colors.count >= 2 else { return }
    let roles = StyleRole.heatRoles
    for (index, role) in roles.enumerated() {
      let position = Double(index) / Double(roles.count - 1) * Double(colors.count - 1)
      let left = min(Int(position), colors.count - 2)
      let color = Color.mixed(colors[left], colors[left + 1], share: position - Double(left))
      self[role] = Style(role: role, foreground: color.readableText, background: color)
    }
  }

  /// The ramp in the 240 fixed numbered colours: each step the nearest that keeps the ramp's order of
  /// lightness, which the nearest of all would not.
  mutating func setIndexedHeat(of theme: Theme) {
    let (cold, hot) = (theme[.heat0].background.luminance, theme[.heat15].background.luminance)
    let grows = (hot ?? 1) >= (cold ?? 0)
    var last: Double?
    for role in StyleRole.heatRoles {
      let wanted = theme[role].background
      let found = wanted.nearestIndexed { color in
        guard let last, let luminance = color.luminance else { return true }
        return grows ? luminance >= last : luminance <= last
      }
      guard let color = found else { continue }
      last = color.luminance
      self[role] = Style(
        role: role, foreground: color.readableText.reduced(to: .indexed256), background: color)
    }
  }

  /// The ramp by hand for terminals of 8 or 16 colours, ordered by lightness, in the theme's direction.
  mutating func setBasicHeat(depth: ColorDepth) {
    let steps: [UInt8] =
      depth == .sixteen
      ? [0, 0, 4, 4, 12, 12, 2, 2, 6, 6, 10, 10, 11, 11, 15, 15]
      : [0, 0, 4, 4, 4, 5, 5, 2, 2, 2, 6, 6, 3, 3, 7, 7]
    let cold = self[.heat0].background.luminance ?? 0
    let hot = self[.heat15].background.luminance ?? 1
    for (index, role) in StyleRole.heatRoles.enumerated() {
      let color = Color.indexed(hot >= cold ? steps[index] : steps[steps.count - 1 - index])
      self[role] = Style(
        role: role, foreground: color.readableText.reduced(to: depth), background: color)
    }
  }
}

extension Color {
  /// The colour between two, `share` 0…1 of the way; without two known colours the nearer one.
  static func mixed(_ first: Color, _ second: Color, share: Double) -> Color {
    guard let left = first.components, let right = second.components else {
      return share < 0.5 ? first : second
    }
    func between(_ from: Int, _ to: Int) -> UInt8 {
      UInt8(min(max(Double(from) + (Double(to) - Double(from)) * share, 0), 255).rounded())
    }
    return .rgb(
      between(left.red, right.red), between(left.green, right.green),
      between(left.blue, right.blue))
  }
}
