using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Access;

namespace Governance.Web.Components.Pages.Access;

/// <summary>What is typed and ticked in the form of a role.</summary>
internal sealed class RoleForm
{
    public string Name { get; set; } = "";

    public string DisplayName { get; set; } = "";

    public string Description { get; set; } = "";

    public HashSet<string> Permissions { get; } = [];

    public HashSet<string> Inherits { get; } = [];

    public static RoleForm Of(RoleDefinition role)
    {
        var form = new RoleForm { Name = role.Name, DisplayName = role.DisplayName, Description = role.Description };
        form.Permissions.UnionWith(role.Permissions);
        form.Inherits.UnionWith(role.Inherits);
        return form;
    }

    public RoleDraft ToDraft() => new(Name.Trim(), DisplayName, Description, [.. Permissions], [.. Inherits]);
}
