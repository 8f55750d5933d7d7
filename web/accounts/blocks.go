package accounts

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"firstdrops/server/accounts"
	"firstdrops/server/forum"
	"firstdrops/web/page"
)

// blocksPath is where a person's own blocks are listed.
const blocksPath = "/settings/blocks"

// blocks lists the viewer's own, each with the way to end it.
func (p pages) blocks(c echo.Context) error {
	set, err := p.accounts.Blocks(c.Request().Context(), page.Viewer(c))
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, blocksPage(page.Frame(c, "Blocks"), set))
}

// block keeps the viewer and a person apart, and leads back to what is left of the profile.
func (p pages) block(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	handle := c.Param("handle")
	if err := p.accounts.Block(c.Request().Context(), page.Viewer(c), handle); err != nil {
		return err
	}
	return page.SeeOther(c, profilePath(handle))
}

func (p pages) unblock(c echo.Context) error {
	if _, err := page.Form(c); err != nil {
		return err
	}
	id, err := page.ID(c, "id")
	if err != nil {
		return err
	}
	if err := p.accounts.Unblock(c.Request().Context(), page.Viewer(c), id); err != nil {
		return err
	}
	return page.SeeOther(c, blocksPath)
}

// askAliasBlock shows what blocking an alias does, with the button that does it. Whether anybody writes under that name is
// said only to who presses it.
func (p pages) askAliasBlock(c echo.Context) error {
	thread, err := p.aliasThread(c)
	if err != nil {
		return err
	}
	return page.Render(c, http.StatusOK, aliasBlockPage(page.Frame(c, "Not meeting somebody"), thread, cut(c.QueryParam("name"))))
}

// blockAlias leads to the list: the thread may be gone for the viewer, where it is the alias's.
func (p pages) blockAlias(c echo.Context) error {
	form, err := page.Form(c)
	if err != nil {
		return err
	}
	thread, err := p.aliasThread(c)
	if err != nil {
		return err
	}
	if err := p.accounts.BlockAlias(c.Request().Context(), page.Viewer(c), thread.ID, form.Get("name")); err != nil {
		return err
	}
	return page.SeeOther(c, blocksPath)
}

// aliasThread is the thread of the address, where the viewer may read it.
func (p pages) aliasThread(c echo.Context) (forum.Thread, error) {
	id, err := page.ID(c, "id")
	if err != nil {
		return forum.Thread{}, err
	}
	return p.forum.Thread(c.Request().Context(), page.Viewer(c), id)
}

func profilePath(handle string) string { return "/u/" + url.PathEscape(handle) }

// endPath ends a block.
func endPath(id int64) string { return fmt.Sprintf("%s/%d/end", blocksPath, id) }

// where says for which name a block holds.
func where(b accounts.Block) string {
	if b.ThreadID != 0 {
		return "A name in one thread, and there only"
	}
	return "Everywhere they write under their own name"
}
