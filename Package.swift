// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The processor the numeric kernels are compiled for: `native` by default, another name
// (`x86-64-v3`, `x86-64-v2`, …) through RTL_MARCH. The program compares it with the processor it
// starts on and says so when they do not fit.
let targetProcessor = Context.environment["RTL_MARCH"] ?? "native"

// Release only: without optimisation the flags gain nothing, and debug builds keep their checks.
let kernelSettings: [SwiftSetting] = [
  .unsafeFlags(
    ["-Ounchecked", "-Xcc", "-march=\(targetProcessor)"], .when(configuration: .release))
]
let processorSettings: [CSetting] = [
  .unsafeFlags(["-march=\(targetProcessor)"], .when(configuration: .release))
]

let package = Package(
  name: "rtl",
  products: [.executable(name: "rtl", targets: ["rtl"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // System libraries and C shims
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(
      name: "CNcurses",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(
      name: "CImageFiles",
      linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg"), .linkedLibrary("z")]),
    .target(
      name: "CAudioFiles",
      linkerSettings: [.linkedLibrary("sndfile"), .linkedLibrary("samplerate")]),
    .systemLibrary(name: "CKissFFT", providers: [.apt(["libkissfft-dev"])]),
    .target(name: "CProcessor", cSettings: processorSettings),

    // YAML that may come from anywhere
    .target(name: "BoundedYAML", dependencies: [.product(name: "Yams", package: "Yams")]),

    // What an experiment is
    .target(
      name: "Experiments",
      dependencies: [
        "BoundedYAML",
        .product(name: "Yams", package: "Yams"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),

    // All runs in one table
    .target(
      name: "Catalogue",
      dependencies: ["Experiments", .product(name: "GRDB", package: "GRDB.swift")]),

    .target(name: "Attachment", dependencies: ["Experiments"]),

    // Many runs that are compared
    .target(name: "Studies", dependencies: ["Experiments"]),

    // Numbers
    .target(
      name: "Tensors", dependencies: ["COpenBLAS", "CKissFFT", "CProcessor"],
      swiftSettings: kernelSettings),
    .target(name: "NeuralNetworks", dependencies: ["Tensors"]),
    .target(
      name: "Datasets",
      dependencies: [
        "Tensors", "CAudioFiles", "CImageFiles", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "LotteryEngine",
      dependencies: [
        "Experiments", "NeuralNetworks", "Datasets", "Tensors",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),

    // The screen
    .target(
      name: "TerminalUI",
      dependencies: ["BoundedYAML", .product(name: "Yams", package: "Yams")],
      resources: [
        .embedInCode("../../themes/catppuccin.yaml"),
        .embedInCode("../../themes/cividis.yaml"),
        .embedInCode("../../themes/dark.yaml"),
        .embedInCode("../../themes/gruvbox.yaml"),
        .embedInCode("../../themes/gruvbox-light.yaml"),
        .embedInCode("../../themes/high-contrast.yaml"),
        .embedInCode("../../themes/light.yaml"),
        .embedInCode("../../themes/mono.yaml"),
        .embedInCode("../../themes/nord.yaml"),
      ]),
    .target(name: "NcursesTerminal", dependencies: ["TerminalUI", "CNcurses"]),
    .target(name: "Workbench", dependencies: ["TerminalUI", "Experiments"]),

    // The program
    .executableTarget(
      name: "rtl",
      dependencies: [
        "Experiments", "Catalogue", "LotteryEngine", "NeuralNetworks", "Datasets", "Tensors",
        "TerminalUI", "NcursesTerminal", "Workbench", "Attachment", "Studies",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [
        .embedInCode("../../sample-configs/cifar10-paper.yaml"),
        .embedInCode("../../sample-configs/demo.yaml"),
        .embedInCode("../../sample-configs/inr-demo.yaml"),
        .embedInCode("../../sample-configs/speech-demo.yaml"),
      ]),

    // Tests
    .testTarget(
      name: "ExperimentsTests", dependencies: ["Experiments"],
      exclude: ["Fixtures"]),  // read beside the sources, through #filePath
    .testTarget(
      name: "CatalogueTests",
      dependencies: ["Catalogue", "Experiments", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "BoundedYAML", "Catalogue", "Datasets", "Experiments", "LotteryEngine", "NeuralNetworks",
        "Tensors", "TerminalUI",
      ]),
    .testTarget(name: "AttachmentTests", dependencies: ["Attachment", "Experiments"]),
    .testTarget(
      name: "StudiesTests", dependencies: ["Studies", "Experiments"],
      exclude: ["Goldens"]),  // read beside the sources, through #filePath
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
    .testTarget(
      name: "NeuralNetworksTests", dependencies: ["NeuralNetworks", "Tensors"],
      exclude: ["Fixtures"]),  // read beside the sources, through #filePath
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "Tensors"],
      exclude: ["Fixtures"]),  // read beside the sources, through #filePath
    .testTarget(
      name: "LotteryEngineTests",
      dependencies: ["LotteryEngine", "Experiments", "NeuralNetworks", "Datasets", "Tensors"]),
    .testTarget(name: "TerminalUITests", dependencies: ["TerminalUI"]),
    .testTarget(
      name: "WorkbenchTests", dependencies: ["Workbench", "TerminalUI", "Experiments"],
      exclude: ["Goldens"]),
    .testTarget(name: "CommandLineTests", dependencies: []),
  ]
)

// One set of language settings for every Swift target.
for target in package.targets where target.type != .system {
  guard !target.name.hasPrefix("C") || target.name == "CommandLineTests" else { continue }
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .enableUpcomingFeature("ExistentialAny"),  // SE-0335
      .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
      .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    ]
}
