using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Invitations;

namespace Governance.Infrastructure.Identity.Import;

/// <summary>Makes invitations of the records of a file, and finds all that is wrong with them.</summary>
internal sealed class ImportLines(InvitationRules rules)
{
    private const string WholeOrganization = "organization";
    private const string OwnTeam = "team";
    private const string ApplicationPrefix = "application:";

    private readonly ILookup<string, Guid> _teams = rules.Teams.ToLookup(team => team.Value, team => team.Key, StringComparer.OrdinalIgnoreCase);
    private readonly ILookup<string, Guid> _applications =
        rules.Applications.ToLookup(application => application.Value, application => application.Key, StringComparer.OrdinalIgnoreCase);

    public ImportPreview Judge(IReadOnlyList<PeopleFile.Record> records)
    {
        var firstLineOf = new Dictionary<string, int>(StringComparer.Ordinal);
        return new ImportPreview([.. records.Select(record => Judge(record, firstLineOf))]);
    }

    private ImportLine Judge(PeopleFile.Record record, Dictionary<string, int> firstLineOf)
    {
        var errors = new List<string>();
        var role = rules.Catalog.All.FirstOrDefault(known =>
            string.Equals(known.Name, record.Role, StringComparison.OrdinalIgnoreCase) || string.Equals(known.DisplayName, record.Role, StringComparison.OrdinalIgnoreCase));
        Guid? team = null;
        if (record.Team.Length > 0)
        {
            team = _teams[record.Team].Cast<Guid?>().FirstOrDefault();
            if (team is null) errors.Add($"There is no team “{Shortened(record.Team)}”. Create it first, or correct its name.");
        }

        var scope = ScopeOf(record, role?.Name, team, errors);
        var invitation = new NewInvitation(record.Name, record.Email, role?.Name ?? record.Role, scope ?? AccessScope.Organization, team);
        errors.InsertRange(0, rules.Problems(invitation).Select(refusal => refusal.Message));
        if (record.HasTooManyFields) errors.Insert(0, "This line has more fields than the first one. Put what contains a comma into quotation marks.");
        if (record.Email.Length > 0 && !firstLineOf.TryAdd(InvitationRules.Normalize(record.Email), record.Line))
            errors.Add($"The same mail address stands in line {firstLineOf[InvitationRules.Normalize(record.Email)]}. Remove one of them.");
        return new ImportLine(
            record.Line, record.Name, record.Email, role?.DisplayName ?? record.Role, record.Team, Written(scope), errors.Count == 0 ? invitation : null, errors);
    }

    /// <summary>Left out, it is the team for who leads or belongs to one, and the whole organisation for others.</summary>
    private AccessScope? ScopeOf(PeopleFile.Record record, string? role, Guid? team, List<string> errors)
    {
        var text = record.Scope.Length > 0 ? record.Scope : role is Roles.TeamLead or Roles.Member ? OwnTeam : WholeOrganization;
        if (string.Equals(text, WholeOrganization, StringComparison.OrdinalIgnoreCase) || string.Equals(text, "organisation", StringComparison.OrdinalIgnoreCase))
            return AccessScope.Organization;
        if (string.Equals(text, OwnTeam, StringComparison.OrdinalIgnoreCase))
        {
            if (team is { } own) return AccessScope.Team(own);
            if (record.Team.Length == 0) errors.Add("The role is for a team: name it in the column team, or write organization into the column scope.");
            return null;
        }

        if (text.StartsWith(ApplicationPrefix, StringComparison.OrdinalIgnoreCase)
            && _applications[text[ApplicationPrefix.Length..].Trim()].Cast<Guid?>().FirstOrDefault() is { } application)
            return AccessScope.Application(application);
        errors.Add($"“{Shortened(text)}” is no scope. Write organization, team, or application: with the name of an application.");
        return null;
    }

    private string Written(AccessScope? scope) => scope switch
    {
        null => "–",
        { Kind: ScopeKind.Team, Id: { } team } => rules.Teams[team],
        { Kind: ScopeKind.Application, Id: { } application } => rules.Applications[application],
        _ => "Whole organisation",
    };

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
