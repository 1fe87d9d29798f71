import Testing
import Workbench

@Suite struct FiguresTests {
  @Test func numbersReadWell() {
    #expect(Figures.fixed(1.005, 1) == "1.0")
    #expect(Figures.fixed(-0.04, 1) == "0.0")
    #expect(Figures.fixed(.nan, 1) == "–")
    #expect(Figures.ratio(0.784) == ".78")
    #expect(Figures.ratio(1) == "1.0")
    #expect(Figures.ratio(-0.05) == "-.05")
    #expect(Figures.signedRatio(0.05) == "+.05")
    #expect(Figures.percent(0.7825) == "78.3%")
    #expect(Figures.grouped(125_832) == "125,832")
    #expect(Figures.grouped(-1_000) == "-1,000")
    #expect(Figures.short(950) == "950")
    #expect(Figures.short(4_096) == "4.1k")
    #expect(Figures.short(125_832) == "126k")
    #expect(Figures.short(1_300_000) == "1.3M")
    #expect(Figures.loss(0.6931) == "0.6931")
    #expect(Figures.loss(.infinity) == "Inf")
    #expect(Figures.loss(1.2e9) == "1.2e9")
    #expect(Figures.rate(1e-4) == "1e-4")
    #expect(Figures.rate(0.001) == "0.001")
    #expect(Figures.rate(2.5e-5) == "2.5e-5")
  }

  @Test func timesReadWell() {
    #expect(Figures.duration(8) == "8s")
    #expect(Figures.duration(245) == "4m05s")
    #expect(Figures.duration(4320) == "1h12m")
    #expect(Figures.duration(100 * 3600) == "4d04h")
    #expect(Figures.duration(.nan) == "–")
    #expect(Figures.clock(245) == "04:05")
    #expect(Figures.clock(4329) == "1:12:09")
  }

  @Test func extremesDoNotTrap() {
    for value in [
      Double.infinity, -.infinity, .nan, 1e308, -1e308, .leastNonzeroMagnitude, -0.0, 1e18,
    ] {
      _ = Figures.fixed(value, 3)
      _ = Figures.ratio(value)
      _ = Figures.percent(value)
      _ = Figures.short(value)
      _ = Figures.loss(value)
      _ = Figures.rate(value)
      _ = Figures.duration(value)
      _ = Figures.clock(value)
    }
    _ = Figures.grouped(.min)
    _ = Figures.grouped(.max)
  }

  @Test func namesLoseWhatMovesCursors() {
    #expect(Names.printable("a\u{1B}[2Jb\nc\u{202E}d") == "a?[2Jb?c?d")
    #expect(Names.letter(0) == "A")
    #expect(Names.letter(51) == "z")
    #expect(Names.letter(63) == "63")
  }
}

@Suite struct LayerNamesTests {
  private let names = [
    "stem.conv", "blocks.0.ghost1.primary.conv", "blocks.0.ghost1.cheap.conv",
    "blocks.0.ghost2.primary.conv", "blocks.12.shortcut.depthwise.conv",
    "blocks.12.shortcut.pointwise.conv",
  ]

  @Test func namesStayApartAsTheyGetShorter() {
    #expect(LayerNames.short("features.0.conv.weight") == "features.0.conv")
    #expect(LayerNames.fitted(names, to: 40) == names)
    #expect(LayerNames.fitted(names, to: 28)[1] == "blocks.0.ghost1.primary")
    #expect(LayerNames.fitted(names, to: 16)[1] == "blo.0.gho1.pri")
    for width in 0...40 {
      let fitted = LayerNames.fitted(names, to: width)
      #expect(Set(fitted).count == names.count)
      if width >= 11 { #expect(fitted.allSatisfy { $0.count <= max(width, 9) }) }
    }
  }

  @Test func noTwoNamesBecomeOne() {
    #expect(LayerNames.fitted(["alpha.conv", "alpha"], to: 5) == ["al.co", "al"])
    #expect(LayerNames.fitted(["alpha", "alpine"], to: 2) == ["alph", "alpi"])
    #expect(LayerNames.fitted([], to: 0) == [])
    #expect(LayerNames.fitted(["", "."], to: 0) == ["", "."])
  }
}
