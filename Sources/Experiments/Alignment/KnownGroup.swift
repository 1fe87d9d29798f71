/// Things that a person says belong together: animals, vehicles, a superclass.
public struct KnownGroup: Sendable, Codable, Equatable {
  /// What they are called.
  public let name: String
  /// Their places among the run's subnetworks.
  public let members: [Int]

  /// A group.
  public init(name: String, members: [Int]) {
    self.name = name
    self.members = members
  }

  /// Groups by name of the things that were named.
  /// - Parameters:
  ///   - groups: what each group is called, and the names of its things.
  ///   - names: the names of all things; each has to be in one group.
  /// - Throws: `ExperimentError.unknownNames` for names that there are not, that are in two groups or in
  ///   none.
  public static func among(
    _ names: [String], _ groups: [(name: String, members: [String])]
  ) throws -> [KnownGroup] {
    var owner: [String: String] = [:]
    var problems: [String] = []
    for (group, members) in groups {
      for member in members {
        if !names.contains(member) {
          problems.append(
            "'\(member)' in '\(group)' is no subnetwork"
              + (NearestName.find(member, among: names).map { "; did you mean '\($0)'?" } ?? ""))
        } else if let other = owner.updateValue(group, forKey: member) {
          problems.append("'\(member)' is in '\(other)' and in '\(group)'")
        }
      }
    }
    problems += names.filter { owner[$0] == nil }.map { "'\($0)' is in no group" }
    guard problems.isEmpty else {
      throw ExperimentError.unknownNames(source: "the groups", problems: problems)
    }
    return groups.map { group in
      KnownGroup(
        name: group.name, members: names.indices.filter { group.members.contains(names[$0]) })
    }
  }
}
